import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEpisode } from './carrying.ts'

const number = 'AbCdEfGh12345_-x'
const carried: [name: string, page: string, wanted: string][] = [
  ['a link', '<a href="/help/en/zip">', `<a href="/help/en/zip?e=${number}">`],
  ['what is in a link', '<a class="x" href="/help">Help</a>', `<a class="x" href="/help?e=${number}">Help</a>`],
  ['a query', '<a href="/help/search?q=a&amp;lang=en">', `<a href="/help/search?q=a&amp;lang=en&amp;e=${number}">`],
  ['a part of a page', '<a href="/help/en/zip#slider">', `<a href="/help/en/zip?e=${number}#slider">`],
  ['the request form', '<a href="/requests/new?lang=en">', `<a href="/requests/new?lang=en&amp;e=${number}">`],
  [
    'a form',
    '<form class="search" action="/help/search">',
    `<form class="search" action="/help/search"><input type="hidden" name="e" value="${number}">`,
  ],
  [
    'that it is solved',
    '<form id="solved" method="post" action="/requests/solved">',
    `<form id="solved" method="post" action="/requests/solved"><input type="hidden" name="e" value="${number}">`,
  ],
]
for (const [name, page, wanted] of carried) {
  test(`${name} carries it on`, () => assert.equal(withEpisode(page, number), wanted))
}

const left = [
  '<a href="/">',
  '<a href="/helpless">',
  '<a href="/requests/newest">',
  '<a href="/requests?lang=en">',
  '<a href="#slider">',
  '<a href="https://elsewhere.example/help/">',
  '<link rel="canonical" href="/help/en/zip">',
  '<img src="/help/files/1">',
  '<form action="/requests/link">',
  '<code>&lt;a href="/help/en/zip"></code>',
]
for (const page of left) test(`${page} stays as it is`, () => assert.equal(withEpisode(page, number), page))
