"""A valid post of the figures of training: take them out."""

from tests.walk.post import Post

POSTS = {("training:figures", ""): Post("", lambda g, c, p: {"take": "csv"})}
