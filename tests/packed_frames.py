"""Stacks of frames packed as detectors pack them, without HDF5's filters.

Bitshuffle by numpy, LZ4 by the system's liblz4 (ctypes); chunks are written as they are.
"""
import ctypes
import ctypes.util
import struct
import zlib

import h5py
import numpy

BLOCK = 8192
FILTERS = {"bitshuffle": (32008, (0, 3, 0, 0, 2)), "lz4": (32004, (BLOCK,)), "gzip": (1, (4,)), "shuffle-gzip": (1, (4,)),
           "plain": (0, ())}

_name = ctypes.util.find_library("lz4")
_lz4 = ctypes.CDLL(_name) if _name else None


def can_lz4():
    return _lz4 is not None


def lz4(data):
    room = ctypes.create_string_buffer(len(data) + len(data) // 200 + 64)
    n = _lz4.LZ4_compress_default(data, room, len(data), len(room))
    return room.raw[:n]


def shuffle_bits(pixels):
    """Rows of n / 8 bytes: bit k of byte b of each pixel."""
    as_bytes = pixels.view(numpy.uint8).reshape(len(pixels), pixels.itemsize)
    bits = numpy.unpackbits(as_bytes, axis=1, bitorder="little")
    return numpy.packbits(bits.T, axis=1, bitorder="little").tobytes()


def bitshuffle(image):
    flat, size = image.ravel(), image.itemsize
    parts = [struct.pack(">QI", image.nbytes, BLOCK)]
    step, whole = BLOCK // size, len(flat) // 8 * 8
    for start in range(0, whole, step):
        packed = lz4(shuffle_bits(flat[start:min(start + step, whole)]))
        parts.append(struct.pack(">I", len(packed)) + packed)
    return b"".join(parts) + flat[whole:].tobytes()


def lz4_blocks(image):
    data = image.tobytes()
    parts = [struct.pack(">QI", len(data), BLOCK)]
    for start in range(0, len(data), BLOCK):
        block = data[start:start + BLOCK]
        packed = lz4(block)
        packed = packed if len(packed) < len(block) else block
        parts.append(struct.pack(">I", len(packed)) + packed)
    return b"".join(parts)


def shuffle_bytes(image):
    return numpy.ascontiguousarray(image.ravel().view(numpy.uint8).reshape(-1, image.itemsize).T).tobytes()


PACK = {
    "bitshuffle": bitshuffle,
    "lz4": lz4_blocks,
    "gzip": lambda image: zlib.compress(image.tobytes(), 1),
    "shuffle-gzip": lambda image: zlib.compress(shuffle_bytes(image), 1),
    "plain": lambda image: image.tobytes(),
}


def create(group, name, shape, dtype, packing, maxshape=None):
    """A data set whose chunks are frames and whose filters need not be there."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((1,) + tuple(shape[1:]))
    if packing == "shuffle-gzip":
        plist.set_shuffle()
    number, values = FILTERS[packing]
    if number == 1:
        plist.set_deflate(4)
    elif number:
        plist.set_filter(number, h5py.h5z.FLAG_OPTIONAL, values)
    space = h5py.h5s.create_simple(tuple(shape), maxshape)
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(numpy.dtype(dtype)), space, plist)
    return group[name]


def write(group, name, stack, packing):
    data = create(group, name, stack.shape, stack.dtype, packing)
    for k, image in enumerate(stack):
        data.id.write_direct_chunk((k, 0, 0), PACK[packing](image))
    return data
