import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '#platform/problem.ts'
import { newToken } from '#platform/secrets.ts'
import { isCommonPassword, refuseWeakPassword } from './passwords.ts'

const common = [
  '1234567890',
  '0987654321',
  '12345678910',
  '1111111111',
  '1212121212',
  'aaaaaaaaaa',
  'qwertyuiop',
  'poiuytrewq',
  'qwertzuiop',
  'asdfghjkl1',
  '1qaz2wsx3edc',
  '1q2w3e4r5t',
  'abcdefghij',
  'abcdefgh12',
  'qwerty12345',
  '12345qwerty',
  'password12',
  'Password123',
  'P@ssw0rd123',
  'passw0rd!!',
  'passwordpassword',
  'letmein123',
  'welcome2024',
  'Welcome2025!',
  'iloveyou123',
  'football2020',
  'superman99',
  'Summer2026!',
  'geslo12345',
  'Geslo2024!',
  'slovenija1',
  'Ljubljana2025',
  'ljubezen123',
  'passord123',
  'Velkommen1',
  'sommer2026',
  'norge12345',
  'administrator',
  'changeme123',
  '01.01.1990',
  '1990-01-01',
  '123123123123',
  'abc123abc123',
  'monkeymonkey',
  'trustnoone1',
  'StarWars77',
  'liverpool1',
  'princess01',
  'ŠIFRA12345',
  'dragon!dragon',
]

for (const password of common) {
  test(`"${password}" is refused`, () => assert.ok(isCommonPassword(password)))
}

const fine = [
  'violin teapot 97 glacier',
  'correct horse stapler moon',
  'Kje so moje nogavice?',
  'hvor ble det av osten',
  'x7Kp2mQvRz',
  'mizarstvo na vogalu',
  'tK9#fLw2!q',
  'dvanajst plavih žab',
]

for (const password of fine) {
  test(`"${password}" is taken`, () => assert.ok(!isCommonPassword(password)))
}

test('random passwords are taken', () => {
  for (let index = 0; index < 300; index++) assert.ok(!isCommonPassword(newToken(12)))
})

test('any text gets an answer', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), (text) => typeof isCommonPassword(text) === 'boolean'),
  )
})

test('a password with one’s own name, address or workspace is refused', () => {
  const about = ['ana.novak@petelin.example', 'Ana Žagar', 'Lopata d.o.o.', 'lopata-shop']
  const refused = (password: string) =>
    assert.throws(
      () => refuseWeakPassword('/body/password', password, about),
      (error) =>
        error instanceof Problem &&
        error.code === 'accounts.password_about_you' &&
        error.errors[0]!.field === '/body/password',
      password,
    )
  for (const password of ['my novak is 77 good', 'ŽAGAR na drevesu 4', 'blue-lopata-river', 'petelin poje zjutraj'])
    refused(password)
  // Names of three letters are in too many words to be meant.
  refuseWeakPassword('/body/password', 'banana in modra luna', about)
})
