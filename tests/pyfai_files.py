"""A geometry of pyFAI and an image as files that saxid reduce reads."""
import h5py


def write_poni(path, ai):
    with open(path, "w") as out:
        out.write("# test\nponi_version: 2\nDetector: Detector\n")
        out.write('Detector_config: {"pixel1": %r, "pixel2": %r, "max_shape": null}\n' % (ai.pixel1, ai.pixel2))
        for key in ("dist", "poni1", "poni2", "rot1", "rot2", "rot3", "wavelength"):
            out.write("%s: %r\n" % ("Distance" if key == "dist" else key.capitalize(), getattr(ai, key)))


def write_image(path, image):
    with h5py.File(path, "w") as out:
        entry = out.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data.attrs["signal"] = "data"
        data["data"] = image
