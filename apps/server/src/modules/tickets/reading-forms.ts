import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { takeYourTime } from '#platform/slow-bodies.ts'
import { plainText } from '#platform/plain-text.ts'
import { Problem } from '#platform/problem.ts'
import { refusedEndings } from './files.ts'

/** A file as somebody sent it with a form. */
export type SentFile = { name: string; mediaType: string; content: Buffer }
/** Why a file was not taken, in the words of `requests.file_*`. */
export type FileProblem = { code: 'too_large' | 'too_many' | 'a_program'; name: string }
/** A form as it came; of fields that came twice, the first. */
export type SentForm = { fields: ReadonlyMap<string, string>; files: SentFile[]; problems: FileProblem[] }

export const mostFiles = 5
export const mostFileBytes = 10 * 1024 * 1024
/** All of a form: what lies between this and what is taken is read to its end, so that the answer is heard. */
const mostBodyBytes = 60 * 1024 * 1024
const mostFields = 120
/** In bytes: far beyond the longest text that is taken, so that a longer one can be shown to its writer again. */
const longestField = 400_000
/** As long as somebody may take to send files over a bad connection, in milliseconds. */
const mostMs = 300_000
/** So many forms with files are held in memory at once. */
const mostAtOnce = 12
let atOnce = 0

/** Lets the routes of this context take forms with files. */
export async function takeForms(app: FastifyInstance): Promise<void> {
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fields: mostFields, fieldSize: longestField, files: 30, parts: 160, fileSize: mostFileBytes },
  })
}

/** Reads a form of any kind; one that is none is empty. @throws Problem too_large, unavailable */
export async function readForm(request: FastifyRequest): Promise<SentForm> {
  if (!request.isMultipart()) return { fields: fieldsOf(request.body), files: [], problems: [] }
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) {
    throw tooLarge()
  }
  if (atOnce >= mostAtOnce) throw new Problem('unavailable', 'requests.busy')
  atOnce++
  const limit = setTimeout(() => request.raw.destroy(), mostMs).unref()
  takeYourTime(request.raw)
  try {
    return await readParts(request)
  } catch (error) {
    throw explained(error)
  } finally {
    clearTimeout(limit)
    atOnce--
  }
}

/** What is wrong with a form lies with whoever sent it: nothing else happens while it is read. */
function explained(error: unknown): Problem {
  if (error instanceof Problem) return error
  if ((error as { statusCode?: number }).statusCode === 413) return tooLarge()
  return new Problem('invalid', 'requests.form_unreadable', {}, [{ field: '/body', code: 'requests.form_unreadable' }])
}

function tooLarge(): Problem {
  return new Problem('too_large', 'requests.form_too_large', { megabytes: (mostFiles * mostFileBytes) / 2 ** 20 })
}

async function readParts(request: FastifyRequest): Promise<SentForm> {
  const fields = new Map<string, string>()
  const form: SentForm = { fields, files: [], problems: [] }
  let bytes = 0
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (typeof part.value === 'string' && !fields.has(part.fieldname)) fields.set(part.fieldname, part.value)
      continue
    }
    bytes += await readFile(part, form)
    if (bytes > mostBodyBytes) {
      throw tooLarge()
    }
  }
  return form
}

/** Reads one file to its end, and keeps it where it may be kept. @returns how many bytes there were */
async function readFile(part: MultipartFile, form: SentForm): Promise<number> {
  const name = fileNameOf(part.filename)
  const code = form.files.length >= mostFiles ? 'too_many' : refusedEndings.test(name) ? 'a_program' : undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (!code) chunks.push(chunk)
  }
  if (bytes === 0) return 0
  if (code) form.problems.push({ code, name })
  else if (part.file.truncated) form.problems.push({ code: 'too_large', name })
  else form.files.push({ name, mediaType: mediaTypeOf(part.mimetype), content: Buffer.concat(chunks) })
  return bytes
}

/** A name without its folders and without what turns or breaks a line. */
function fileNameOf(given: string | undefined): string {
  const last = (given ?? '').split(/[/\\]/).at(-1)!
  const clean = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .toWellFormed()
    .trim()
  return clean.length > 120
    ? `${clean.slice(0, 100).toWellFormed()}${clean.slice(-20).toWellFormed()}`
    : clean || 'file'
}

function mediaTypeOf(given: string): string {
  return /^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,80}$/i.test(given)
    ? given.toLowerCase()
    : 'application/octet-stream'
}

function fieldsOf(body: unknown): Map<string, string> {
  if (typeof body !== 'object' || body === null) return new Map()
  return new Map(
    Object.entries(body).flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? [[name, first] as const] : []
    }),
  )
}

/** So many characters each may have. What is longer is refused by name: a text without its end says something else. */
export const longest = { name: 120, address: 254, message: 20_000, value: 2_000 }

/** One line, or several, as a person writes, all of it. */
export function written(form: SentForm, name: string): string {
  return plainText(form.fields.get(name) ?? '')
}

/** The same in one line. */
export function writtenLine(form: SentForm, name: string): string {
  return written(form, name).replaceAll(/\s+/g, ' ')
}
