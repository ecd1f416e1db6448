/** Width and height of a JPEG, from its frame header; undefined when it is none. Pure. */
export const sizeOfJpeg = (jpeg: Buffer): { width: number; height: number } | undefined => {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= jpeg.length; ) {
    const marker = jpeg.readUInt16BE(at);
    // Start of frame, baseline to progressive; between them are tables and such.
    if (marker >= 0xffc0 && marker <= 0xffc2)
      return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
    if (marker < 0xff00) return undefined;
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return undefined;
};
