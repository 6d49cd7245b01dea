// Files on their way: pictures made small, and everything as text.

const MOST_PIXELS = 1600;
const SMALL_BYTES = 400_000;

// As messengers do: a photograph is sent in the size of a screen.
export async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL_BYTES) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85));
  } catch {
    return file; // No picture after all: it is sent as it is.
  }
}

export async function asBase64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let from = 0; from < bytes.length; from += 32768) text += String.fromCharCode(...bytes.subarray(from, from + 32768));
  return btoa(text);
}
