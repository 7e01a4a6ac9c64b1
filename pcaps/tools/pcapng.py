"""Takes out of a pcapng what it says of the machine that made it."""

import struct

# Block type: (length of the body before its options, options to leave out)
OPTIONS = {
    0x0A0D0D0A: (16, {2, 3, 4}),  # section header: hardware, system, program
    1: (8, {12, 15}),  # interface description: system, hardware
}


def forget_machine(path):
    with open(path, "rb") as file:
        data = file.read()
    kept = b""
    while data:
        kind, length = struct.unpack_from("<II", data)
        kept += slim_block(kind, data[8 : length - 4])
        data = data[length:]
    with open(path, "wb") as file:
        file.write(kept)


def slim_block(kind, body):
    """A block: type 4, length 4, body, length 4."""
    if kind in OPTIONS:
        fixed, unwanted = OPTIONS[kind]
        body = body[:fixed] + slim_options(body[fixed:], unwanted)
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def slim_options(options, unwanted):
    """Options: code 2, length 2, value padded to a multiple of four."""
    kept = b""
    while options:
        code, length = struct.unpack_from("<HH", options)
        whole = 4 + (length + 3) // 4 * 4
        kept += b"" if code in unwanted else options[:whole]
        options = options[whole:]
    return kept
