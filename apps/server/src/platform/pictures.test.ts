import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { encodePicture } from './pictures.ts'

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#2a6' } })
const code = (content: Buffer) =>
  encodePicture(content).then(
    () => 'taken',
    (error: { code: string; errors: { field: string }[] }) => `${error.code} ${error.errors[0]?.field}`,
  )

test('PNG, JPEG, GIF and WebP become WebP of the same size, and what is wider than any column is made smaller', async () => {
  for (const kind of ['png', 'jpeg', 'gif', 'webp'] as const) {
    const { content, ...size } = await encodePicture(await plain(640, 480).toFormat(kind).toBuffer())
    assert.deepEqual(size, { width: 640, height: 480 }, kind)
    assert.equal((await sharp(content).metadata()).format, 'webp', kind)
  }
  const { width, height } = await encodePicture(await plain(4000, 3000).jpeg().toBuffer())
  assert.deepEqual([width, height], [1600, 1200])
})

test('what a camera wrote is gone, and the picture stands as it was held', async () => {
  const taken = plain(40, 20)
    .jpeg()
    .withExif({ IFD0: { Copyright: 'Ana Novak' }, IFD3: { GPSLatitude: '46/1 3/1 0/1' } })
  const given = await taken.withMetadata({ orientation: 6 }).toBuffer()
  assert.ok((await sharp(given).metadata()).exif)
  const { content, width, height } = await encodePicture(given)
  assert.deepEqual([width, height], [20, 40])
  const { exif, icc, xmp } = await sharp(content).metadata()
  assert.deepEqual([exif, icc, xmp], [undefined, undefined, undefined])
  assert.equal(content.includes('Ana Novak'), false)
})

test('a picture that moves goes on moving', async () => {
  const frames = await Promise.all(
    ['#000', '#fff'].map((background) =>
      sharp({ create: { width: 30, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const given = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100] })
    .toBuffer()
  const { content, width, height } = await encodePicture(given)
  assert.deepEqual([width, height, (await sharp(content).metadata()).pages], [30, 20, 2])
})

test('SVG, everything else, what is damaged and what is too large are refused by name', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
  const png = await plain(300, 300).png({ compressionLevel: 0 }).toBuffer()
  assert.equal(await code(svg), 'pictures.kind /body')
  assert.equal(await code(Buffer.from('text')), 'pictures.kind /body')
  assert.equal(await code(Buffer.concat([Buffer.from('GIF89a'), svg])), 'pictures.broken /body')
  assert.equal(await code(png.subarray(0, png.length / 2)), 'pictures.broken /body')
  assert.equal(await code(await plain(8000, 7000).png().toBuffer()), 'pictures.too_many_pixels /body')
  assert.equal(await code(Buffer.concat([png, Buffer.alloc(10 * 2 ** 20)])), 'pictures.too_large /body')
})
