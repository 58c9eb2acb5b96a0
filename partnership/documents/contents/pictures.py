"""PNG and JPEG: measured by their head, then written anew, so that only the pixels are left.

A photograph of a child's home names its place in its EXIF data; a picture that is also a script or an archive is no
longer one when its pixels are written by us.
"""

import io
import warnings
from functools import partial

from PIL import Image, ImageFile, ImageOps

from partnership.documents.refusals import Refused

MOST_PIXELS = 64_000_000
MOST_SIDE = 30_000
QUALITY = 92
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "JPEG": ("L", "RGB", "CMYK")}


def looks_like(kind):
    return partial(look, kind)


def look(kind, content: bytes) -> bytes:
    """kind: 'PNG' or 'JPEG'. Returns the picture's pixels in a new file, the right way up. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # of broken EXIF data, which is left behind in any case
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                return _anew(kind, picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Refused("picture_too_large") from error
    except Image.UnidentifiedImageError as error:
        raise Refused("unreadable") from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise Refused("cut_off" if "truncated" in str(error) else "unreadable") from error


def _load(picture):
    """Whole, or OSError. WeasyPrint tells Pillow to take pictures that are cut off, for the whole process."""
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _anew(kind, picture) -> bytes:
    width, height = picture.size
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise Refused("picture_too_large")
    _load(picture)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in _MODES[kind]:
        upright = upright.convert("RGB")
    # What a program would write beside the pixels: EXIF, XMP, comments, colour profiles, texts.
    upright.info = {name: upright.info[name] for name in ("transparency",) if name in upright.info}
    written = io.BytesIO()
    upright.save(written, kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return written.getvalue()
