"""Pages that are odd to draw: pictures, fonts, filters, patterns, sizes, endless contents."""

import zlib
from collections.abc import Callable, Iterator
from functools import partial

from tests.pdf.hostile import CATALOG, ONE_PAGE, raw_pdf, stream

Make = Callable[[], bytes]
TEXT = b"BT /F 24 Tf 50 300 Td (Xin chao) Tj ET"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page_with(contents: bytes, resources: bytes = b"", *objects: bytes, box: bytes = b"0 0 500 700") -> bytes:
    """A page whose contents are object 4 and whose other objects begin at 5."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<<%b>>>>" % (box, resources)
    return raw_pdf(CATALOG, ONE_PAGE, page, stream(b"", contents), *objects)


def picture(looks: bytes, data: bytes) -> bytes:
    """A page that shows one picture."""
    return page_with(b"500 0 0 700 0 0 cm /P Do", b"/XObject<</P 5 0 R>>", stream(b"/Subtype/Image" + looks, data))


def font(description: bytes, *objects: bytes) -> bytes:
    """A page that writes in one font."""
    return page_with(TEXT, b"/Font<</F 5 0 R>>", description, *objects)


_GREY = b"/ColorSpace/DeviceGray/BitsPerComponent 8"
_SMALL = b"/Width 40/Height 40" + _GREY
_NOISE = bytes(range(256)) * 40

PICTURES: dict[str, Make] = {
    f"{name} of garbage": partial(picture, _SMALL + b"/Filter/" + name.encode(), _NOISE)
    for name in (
        *("JBIG2Decode", "JPXDecode", "DCTDecode", "CCITTFaxDecode", "LZWDecode", "FlateDecode", "RunLengthDecode"),
        *("ASCII85Decode", "ASCIIHexDecode", "Crypt", "NoSuchDecode"),
    )
} | {
    "jbig2 that names no globals": partial(
        picture,
        _SMALL + b"/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 99 0 R>>",
        b"\x00\x00\x00\x00\x30\x00\x01" * 9,
    ),
    "jpx with a head only": partial(
        picture,
        _SMALL + b"/Filter/JPXDecode",
        b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\xff\x4f\xff\x51\x00\x2f" + b"\xff" * 60,
    ),
    "jpeg of 65,500 pixels": partial(
        picture,
        b"/Width 65500/Height 65500" + _GREY + b"/Filter/DCTDecode",
        bytes.fromhex("ffd8 ffc0000b08ffdcffdc01011100 ffda0008010100003f00") + b"\x00" * 99,
    ),
    "fax as wide as a street": partial(
        picture,
        b"/Width 2000000/Height 2000000/ColorSpace/DeviceGray"
        b"/BitsPerComponent 1/Filter/CCITTFaxDecode"
        b"/DecodeParms<</K -1/Columns 2000000/Rows 2000000>>",
        _NOISE,
    ),
    "more pixels than bytes": partial(picture, b"/Width 30000/Height 30000" + _GREY, b"abc"),
    "a picture of two thousand million pixels": partial(picture, b"/Width 2147483647/Height 2147483647" + _GREY, b"a"),
    "a picture of minus one": partial(picture, b"/Width -1/Height -1" + _GREY, b"a"),
    "a picture of a hundred megapixels": partial(
        picture, b"/Width 10000/Height 10000" + _GREY + b"/Filter/FlateDecode", zlib.compress(bytes(100_000_000), 9)
    ),
    "predictor of absurd columns": partial(
        picture,
        _SMALL + b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32/BitsPerComponent 16>>",
        zlib.compress(_NOISE),
    ),
    "a mask that masks itself": partial(picture, _SMALL + b"/SMask 5 0 R", _NOISE),
    "colours from a table of nothing": partial(
        picture, b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 255 ()]", _NOISE
    ),
    "colours that lead in a circle": partial(
        page_with, b"/C cs 1 sc 0 0 99 99 re f", b"/ColorSpace<</C 5 0 R>>", b"[/Indexed 5 0 R 1 <00>]"
    ),
    "colours by a broken profile": partial(
        page_with,
        b"/C cs 1 0 0 sc 0 0 99 99 re f",
        b"/ColorSpace<</C[/ICCBased 5 0 R]>>",
        stream(b"/N 3", b"acsp" * 50),
    ),
    "a hundred filters": partial(picture, _SMALL + b"/Filter[" + b"/ASCIIHexDecode" * 100 + b"]", b"30" * 1000),
}

FONTS: dict[str, Make] = {
    "a font that is none": partial(font, b"(Times)"),
    "a font without anything": partial(font, b"<</Type/Font>>"),
    "a truetype of noise": partial(
        font,
        b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 7 0 R>>",
        stream(b"", b"\x00\x01\x00\x00\x00\x10" + _NOISE),
    ),
    "a compact font of noise": partial(
        font,
        b"<</Type/Font/Subtype/Type1/BaseFont/A/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile3 7 0 R>>",
        stream(b"/Subtype/Type1C", b"\x01\x00\x04\x04" + _NOISE),
    ),
    "a type 1 font that never ends": partial(
        font,
        b"<</Type/Font/Subtype/Type1/BaseFont/A/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile 7 0 R>>",
        stream(b"/Length1 999999/Length2 999999/Length3 0", b"%!PS-AdobeFont-1.0\n" + b"{" * 9000),
    ),
    "a font drawn by itself": partial(
        font,
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]"
        b"/FirstChar 88/LastChar 88/Widths[9]"
        b"/Encoding<</Differences[88/X]>>/CharProcs<</X 6 0 R>>/Resources<</Font<</F 5 0 R>>>>>>",
        stream(b"", b"9 0 d0 " + TEXT),
    ),
    "a font whose descendant is itself": partial(
        font, b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>"
    ),
    "widths without end": partial(
        font,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 0"
        b"/LastChar 2147483647/Widths[%b]>>" % (b"9 " * 200_000),
    ),
    "a map of characters that uses itself": partial(
        font,
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 6 0 R/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>",
        stream(b"/Type/CMap/UseCMap 6 0 R", b"1 begincodespacerange <00> <ffffffff> endcodespacerange " * 99),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A>>",
    ),
    "one character that means a million": partial(
        font,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        stream(b"", b"1 beginbfrange <00> <ff> <" + b"0041" * 100_000 + b"> endbfrange"),
    ),
    "letters of a thousand points": partial(
        page_with, b"BT /F 99999999 Tf 0 0 Td (" + b"A" * 5000 + b") Tj ET", b"/Font<</F 5 0 R>>", HELVETICA
    ),
}

CONTENTS: dict[str, Make] = {
    "no contents": lambda: raw_pdf(CATALOG, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 99 0 R>>"),
    "contents of noise": partial(page_with, _NOISE),
    "contents that end in a string": partial(page_with, b"BT (" + b"(" * 50_000),
    "states in states": partial(page_with, b"q " * 300_000),
    "arrays in arrays": partial(page_with, b"[" * 200_000),
    "dictionaries in dictionaries": partial(page_with, b"/A " + b"<</A" * 100_000 + b" BDC"),
    "too many restored": partial(page_with, b"Q " * 100_000),
    "a million lines": partial(page_with, b"0 0 m 500 700 l S\n" * 300_000),
    "one path of a million points": partial(page_with, b"0 0 m " + b"9 700 l 499 1 l " * 200_000 + b"f*"),
    "dashes without end": partial(page_with, b"[0.00001 0.00001] 0 d 0 0 m 500 700 l S " * 20),
    "lines as wide as the world": partial(page_with, b"1e30 w 0 0 m 1e30 1e30 l S"),
    "numbers that are none": partial(page_with, b"nan inf -inf 1e999 m 0x9 -- +-1 1.2.3 re f"),
    "turned into nothing": partial(page_with, b"0 0 0 0 0 0 cm 0 0 99 99 re f"),
    "turned beyond all numbers": partial(page_with, b"1e30 1e30 1e30 1e30 1e30 1e30 cm " * 99 + b"0 0 9 9 re f"),
    "a form that shows itself": partial(
        page_with,
        b"/X Do",
        b"/XObject<</X 5 0 R>>",
        stream(b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do /X Do"),
    ),
    "forms that show each other": partial(
        page_with,
        b"/X Do",
        b"/XObject<</X 5 0 R>>",
        stream(b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</Y 6 0 R>>>>", b"/Y Do " * 9),
        stream(b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do " * 9),
    ),
    "a pattern of itself": partial(
        page_with,
        b"/Pattern cs /P scn 0 0 500 700 re f",
        b"/Pattern<</P 5 0 R>>",
        stream(
            b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<</Pattern<</P 5 0 R>>>>",
            b"/Pattern cs /P scn 0 0 9 9 re f",
        ),
    ),
    "a pattern of the smallest steps": partial(
        page_with,
        b"/Pattern cs /P scn 0 0 500 700 re f",
        b"/Pattern<</P 5 0 R>>",
        stream(
            b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<<>>",
            b"0 0 1 1 re f",
        ),
    ),
    "a shade by a function of itself": partial(
        page_with,
        b"/S sh",
        b"/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 9]/Function 5 0 R>>>>",
        b"<</FunctionType 3/Domain[0 1]/Functions[5 0 R 5 0 R]/Bounds[0.5]/Encode[0 1 0 1]>>",
    ),
    "a function of huge samples": partial(
        page_with,
        b"/S sh",
        b"/Shading<</S<</ShadingType 1/ColorSpace/DeviceRGB/Function 5 0 R>>>>",
        stream(b"/FunctionType 0/Domain[0 1 0 1]/Range[0 1 0 1 0 1]/Size[65535 65535]/BitsPerSample 32", b"abc"),
    ),
    "a mesh of noise": partial(
        page_with,
        b"/S sh",
        b"/Shading<</S 5 0 R>>",
        stream(
            b"/ShadingType 7/ColorSpace/DeviceRGB/BitsPerCoordinate 32"
            b"/BitsPerComponent 16/BitsPerFlag 8/Decode[0 500 0 700 0 1 0 1 0 1]",
            _NOISE * 20,
        ),
    ),
    "groups in groups": partial(
        page_with,
        b"/G gs /X Do",
        b"/XObject<</X 5 0 R>>/ExtGState<</G<</SMask<</S/Luminosity/G 5 0 R>>>>>>",
        stream(
            b"/Subtype/Form/BBox[0 0 500 700]/Group<</S/Transparency>>/Resources<<"
            b"/ExtGState<</G<</SMask<</S/Luminosity/G 5 0 R>>>>>>/XObject<</X 5 0 R>>>>",
            b"/G gs /X Do",
        ),
    ),
    "a picture among the words that never ends": partial(
        page_with, b"BI /W 9999999 /H 9999999 /CS /G /BPC 8 ID " + _NOISE
    ),
    "a program instead of a page": partial(page_with, b"#!/bin/sh\nrm -rf /\n" * 99),
}

SIZES: dict[str, Make] = {
    f"a page of {box.decode()}": partial(page_with, TEXT, b"/Font<</F 5 0 R>>", HELVETICA, box=box)
    for box in (
        *(
            b"0 0 0 0",
            b"0 0 1 1",
            b"0 0 14400 14400",
            b"0 0 1e9 1e9",
            b"0 0 3 9000000",
            b"0 0 9000000 3",
            b"500 700 0 0",
        ),
        *(b"-1e9 -1e9 1e9 1e9", b"nan nan nan nan", b"(a) (b) (c) (d)", b"0 0", b"", b"0 0 .0001 .0001", b"99 0 R"),
    )
}


def cases() -> Iterator[tuple[str, Make]]:
    for group in (PICTURES, FONTS, CONTENTS, SIZES):
        yield from group.items()
