"""What is kept of a file's content: its outline and its terms, as bytes that mean the same wherever the file lies."""

from __future__ import annotations

import zlib

import msgspec

from optafly.context.find.entry import FileTerms, file_terms
from optafly.context.outline.model import Outline
from optafly.context.outline.read import outline_of
from optafly.privacy.masking import mask


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What was read from a text."""

    outline: Outline
    terms: FileTerms


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Content)


def content_of(text: str, language: str) -> Content:
    """Read a text. Never raises. No secret in a signature or a name is kept, and terms are but hashes of words."""
    outline = outline_of(mask(text, "")[0], language)
    return Content(outline, file_terms(text, outline))


def encode(content: Content) -> bytes:
    """Return a content as it is stored."""
    return zlib.compress(_encoder.encode(content), 1)


def decode(data: bytes) -> Content:
    """Return what was encoded. Raises ValueError where it was not."""
    try:
        return _decoder.decode(zlib.decompress(data))
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(str(error)) from error
