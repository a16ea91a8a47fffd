/** What a picture is by its first bytes, of those kinds that every browser shows and none runs; else undefined. */
export function pictureType(content: Buffer): string | undefined {
  const starts = (bytes: string, at = 0) => content.subarray(at, at + bytes.length).toString('latin1') === bytes
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (starts('\xff\xd8\xff')) return 'image/jpeg'
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif'
  return starts('RIFF') && starts('WEBP', 8) ? 'image/webp' : undefined
}
