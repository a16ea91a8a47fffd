import assert from 'node:assert/strict'
import { test } from 'node:test'
import { videoAt } from './videos.ts'

const tube = (more = '') => `https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0${more}`
const known: Record<string, string> = {
  'https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1': tube(),
  'https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=90s': tube('&start=90'),
  'https://youtu.be/dQw4w9WgXcQ?t=12': tube('&start=12'),
  'https://www.youtube.com/shorts/dQw4w9WgXcQ': tube(),
  'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5': tube('&start=5'),
  'https://vimeo.com/76979871': 'https://player.vimeo.com/video/76979871?autoplay=1&dnt=1',
  'https://vimeo.com/76979871/8272103f6e': 'https://player.vimeo.com/video/76979871?autoplay=1&dnt=1&h=8272103f6e',
  'https://player.vimeo.com/video/76979871?h=8272103f6e':
    'https://player.vimeo.com/video/76979871?autoplay=1&dnt=1&h=8272103f6e',
  'https://cdn.shop.example/films/zip.mp4?v=2': 'https://cdn.shop.example/films/zip.mp4?v=2',
  'https://shop.example/ZIP.WEBM': 'https://shop.example/ZIP.WEBM',
}
for (const [address, player] of Object.entries(known)) {
  test(`a video: ${address}`, () => assert.equal(videoAt(address)?.player, player))
}

test('everything else is a link', () => {
  for (const address of [
    ...[
      'http://www.youtube.com/watch?v=dQw4w9WgXcQ',
      'https://www.youtube.com/@shop',
      'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
    ],
    ...[
      'https://www.youtube.com/watch?v="><script>',
      'https://notyoutube.com/watch?v=dQw4w9WgXcQ',
      'https://vimeo.com/categories',
    ],
    ...[
      'https://a:b@shop.example/zip.mp4',
      'http://shop.example/zip.mp4',
      '/films/zip.mp4',
      'https://x.example;y/zip.mp4',
      'https://*.example/zip.mp4',
      'javascript:alert(1)//.mp4',
      '',
    ],
  ])
    assert.equal(videoAt(address), undefined, address)
})
