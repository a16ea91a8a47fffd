import type { Attachment } from '@lahko/contract'
import type { RefObject } from 'react'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { isPicture, sizeOf } from './attachments.tsx'
import { freeName, markOf, namesIn, putIn, stillIn, withoutPicture } from './pictures-in-text.ts'
import type { useDraft } from './use-draft.ts'
import { nameOf, takeable, useUpload } from './use-upload.ts'
import { mark, markedIn } from './writing-field.tsx'

/** Of a picture within a text: every reader's mail program loads it with the mail. */
const mostBytesInText = 5_000_000

type Given = { field: RefObject<HTMLTextAreaElement | null>; draft: ReturnType<typeof useDraft> }

/** Files below the text, and pictures within it, where the cursor stands. */
export function useFiles({ field, draft }: Given) {
  const { written, write } = draft
  const upload = useUpload()
  const attach = (file: Attachment) => write((before) => ({ files: [...before.files, file] }))
  const take = (files: Iterable<File>) => {
    const already = written.files.length + stillIn(written.text, written.pictures).length + upload.waiting
    return takeable(files, already)
  }
  const show = (file: File, name: string) => {
    const drop = () => write(({ text }) => ({ text: withoutPicture(text, name) }))
    const onDone = (kept: Attachment) => {
      if (isPicture(kept)) return write(({ pictures }) => ({ pictures: [...pictures, { id: kept.id, name }] }))
      drop()
      attach(kept)
    }
    upload.send(file, onDone, drop)
  }
  const showAll = (files: readonly File[]) => {
    if (!field.current || files.length === 0) return
    const marked = markedIn(field.current)
    const names: string[] = []
    for (const file of files) names.push(freeName(nameOf(file), [...namesIn(marked.text), ...names]))
    const put = putIn(marked, names.map(markOf).join(' '))
    write({ text: put.text })
    mark(field, put)
    for (const [place, file] of files.entries()) show(file, names[place]!)
  }
  return {
    waiting: upload.waiting,
    /** What was chosen: it stands below the text. */
    attach(files: Iterable<File>) {
      for (const file of take(files)) upload.send(file, attach)
    },
    /** What was pasted or dropped: a picture stands within the text. */
    paste(files: Iterable<File>) {
      const all = take(files)
      for (const file of all) if (!standsInText(file)) upload.send(file, attach)
      showAll(all.filter(standsInText))
      for (const file of all.filter(isTooLarge))
        say(t('inbox.tooLargeInText', { name: nameOf(file), most: sizeOf(mostBytesInText) }))
    },
  }
}

function standsInText(file: File): boolean {
  return isPicture({ mediaType: file.type }) && file.size <= mostBytesInText
}

function isTooLarge(file: File): boolean {
  return isPicture({ mediaType: file.type }) && file.size > mostBytesInText
}
