"""While a file comes in: what is too large is counted and not written, what breaks off is no file."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError

IMPORT_MB = 100  # the largest file of any form: a national register (tables/limits.py)


class LimitHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS. A file above the limit reaches its form as nothing but its true size."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.most = max(settings.DOCUMENTS_MAX_MB, IMPORT_MB) * 1024 * 1024

    def receive_data_chunk(self, raw_data, start):
        return None if start + len(raw_data) > self.most else raw_data

    def file_complete(self, file_size):
        if file_size <= self.most:
            return None
        for handler in self.request.upload_handlers:  # what was written before the limit goes at once
            if (begun := getattr(handler, "file", None)) is not None:
                begun.close()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)

    def upload_complete(self):
        """A browser that was closed at 99 % leaves a form that looks whole: its declared length says that it is not."""
        stream = getattr(self.request, "_stream", None)
        read, declared = getattr(stream, "_pos", None), getattr(stream, "limit", None)
        if read is not None and declared is not None and read < declared:
            raise MultiPartParserError("the upload broke off")
