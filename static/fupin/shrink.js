// A photo is made smaller before it goes over a bad line: 3 MB to about 300 KB. What the camera wrote of time and place goes along, as the
// surveyor may want to keep it; the picture itself is turned upright here. Whatever fails, the photo goes up as it is.
window.fupinShrink = (() => {
  "use strict";
  const SIDE = 1600;
  const ENOUGH = 500 * 1024;
  const QUALITY = 0.8;
  const HEAD = 256 * 1024;
  const START = 0xffd8, EXIF = 0xffe1, SCAN = 0xffda, ORIENTATION = 0x0112;

  // The segment with time and place of a JPEG, its orientation set to upright; null where there is none.
  const exifOf = (buffer) => {
    const view = new DataView(buffer);
    if (view.byteLength < 4 || view.getUint16(0) !== START) return null;
    for (let at = 2; at + 10 < view.byteLength; ) {
      const marker = view.getUint16(at), length = view.getUint16(at + 2) + 2;
      if (marker === SCAN || at + length > view.byteLength) return null;
      if (marker === EXIF && view.getUint32(at + 4) === 0x45786966) {
        const segment = buffer.slice(at, at + length);
        upright(new DataView(segment, 10));
        return segment;
      }
      at += length;
    }
    return null;
  };

  const upright = (tiff) => {
    const little = tiff.getUint16(0) === 0x4949;
    const first = tiff.getUint32(4, little);
    for (let entry = 0; entry < tiff.getUint16(first, little); entry += 1) {
      const at = first + 2 + entry * 12;
      if (tiff.getUint16(at, little) === ORIENTATION) tiff.setUint16(at + 8, 1, little);
    }
  };

  const drawn = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  };

  return async (file) => {
    if (file.type !== "image/jpeg" || file.size <= ENOUGH) return file;
    try {
      const small = await drawn(file);
      if (!small || small.size >= file.size) return file;
      const exif = exifOf(await file.slice(0, HEAD).arrayBuffer());
      const parts = exif ? [small.slice(0, 2), exif, small.slice(2)] : [small];
      return new File(parts, file.name, { type: "image/jpeg", lastModified: file.lastModified });
    } catch {
      return file;
    }
  };
})();
