import type { Attachment } from '@lahko/contract'
import type { RefObject } from 'react'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { isPicture, sizeOf } from './attachments.tsx'
import { awaitedMark, pictureMark, picturesIn, putIn, replaceMark } from './pictures-in-text.ts'
import type { useDraft } from './use-draft.ts'
import { nameOf, takeable, useUpload } from './use-upload.ts'
import { mark, markedIn } from './writing-field.tsx'
import type { Marked } from './writing-text.ts'

/** Of a picture within a text: every reader's mail program loads it with the mail. */
const mostBytesInText = 5 * 1024 * 1024

type Given = { field: RefObject<HTMLTextAreaElement | null>; draft: ReturnType<typeof useDraft> }

/** Files below the text, and pictures within it, where the cursor stands. */
export function useFiles({ field, draft }: Given) {
  const { written, write } = draft
  const upload = useUpload()
  const attach = (file: Attachment) => write((before) => ({ files: [...before.files, file] }))
  const put = (marked: Marked, focus: boolean) => {
    write({ text: marked.text })
    if (focus) mark(field, marked)
  }
  const show = (file: File) => {
    if (!field.current) return
    const awaited = awaitedMark(nameOf(file))
    const replace = (by: string) => {
      if (!field.current) return
      put(replaceMark(markedIn(field.current), awaited, by), document.activeElement === field.current)
    }
    put(putIn(markedIn(field.current), awaited), true)
    const onDone = (kept: Attachment) => {
      replace(isPicture(kept) ? pictureMark(kept.name, kept.id) : '')
      if (!isPicture(kept)) attach(kept)
    }
    upload.send(file, onDone, () => replace(''))
  }
  const take = (files: Iterable<File>, one: (file: File) => void) => {
    const already = written.files.length + picturesIn(written.text).length + upload.waiting
    for (const file of takeable(files, already)) one(file)
  }
  return {
    waiting: upload.waiting,
    /** What was chosen: it stands below the text. */
    attach: (files: Iterable<File>) => take(files, (file) => upload.send(file, attach)),
    /** What was pasted or dropped: a picture stands within the text. */
    paste: (files: Iterable<File>) =>
      take(files, (file) => {
        if (!isPicture({ mediaType: file.type })) return upload.send(file, attach)
        if (file.size <= mostBytesInText) return show(file)
        say(t('inbox.tooLargeInText', { name: nameOf(file), most: sizeOf(mostBytesInText) }))
        return upload.send(file, attach)
      }),
  }
}
