import type { Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { api, sayProblem } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Choice, Field } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import type { PictureAttributes } from './picture.ts'

const mostMegabytes = 10
const longestAlt = 300

type Props = {
  language: Language
  /** One that was pasted or dropped. */
  file?: File
  /** One that stands in the text. */
  current?: PictureAttributes
  onPut: (picture: PictureAttributes) => void
  onClose: () => void
}

/** Which picture, and what it says to whoever does not see it: nothing only where somebody has decided so. */
export function PictureDialog({ language, file, current, onPut, onClose }: Props) {
  const [src, setSrc] = useState(current?.src)
  const [alt, setAlt] = useState(current?.alt ?? '')
  const [decorates, setDecorates] = useState(current?.alt === '')
  const upload = useUpload(file, setSrc)
  const isSaid = decorates || alt.trim() !== ''
  return (
    <Dialog title={t(current ? 'articles.pictureChange' : 'articles.pictureNew')} onClose={onClose}>
      <DialogForm
        waits={src === undefined || upload.isPending || !isSaid}
        saveName={t(current ? 'shell.save' : 'articles.picturePut')}
        onSave={() => src && onPut({ src, alt: decorates ? '' : alt.trim() })}
        onCancel={onClose}
      >
        <Field
          label={t('articles.pictureFile')}
          hint={t('articles.pictureHint', { megabytes: mostMegabytes })}
          problem={upload.problem}
        >
          {(field) => (
            <input
              type="file"
              className="input"
              accept="image/png,image/jpeg,image/gif,image/webp"
              onChange={({ target }) => target.files?.[0] && upload.take(target.files[0])}
              {...field}
            />
          )}
        </Field>
        <p className="quiet" aria-live="polite">
          {upload.isPending ? t('articles.pictureComing') : ''}
        </p>
        {src && <img className="ae-chosen" src={src} alt={t('articles.pictureChosen')} />}
        <Field label={t('articles.alt')} hint={t('articles.altHint')}>
          {(field) => (
            <textarea
              className="input ae-summary"
              rows={2}
              lang={language}
              maxLength={longestAlt}
              disabled={decorates}
              data-first={file || current ? true : undefined}
              value={alt}
              onChange={({ target }) => setAlt(target.value.replaceAll(/\s*\n\s*/g, ' '))}
              {...field}
            />
          )}
        </Field>
        <Choice checked={decorates} onChange={setDecorates} hint={t('articles.decoratesHint')}>
          {t('articles.decorates')}
        </Choice>
      </DialogForm>
    </Dialog>
  )
}

/** Refused before it is sent: a browser does not read the answer to what it is still sending. */
class TooLarge extends Error {}

/** Sends a picture at once, so that what is wrong with it is said before anything else is written. */
function useUpload(first: File | undefined, onKept: (src: string) => void) {
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > mostMegabytes * 2 ** 20) throw new TooLarge()
      return api.articles.addPicture({ upload: file })
    },
    onSuccess: ({ address }) => onKept(address),
  })
  const takeFirst = useEffectEvent(() => {
    if (first) mutate(first)
  })
  useEffect(() => takeFirst(), [])
  const refused = error === null ? undefined : sayProblem(error)
  const problem = error instanceof TooLarge ? t('articles.pictureTooLarge', { megabytes: mostMegabytes }) : refused
  return { take: mutate, isPending, problem }
}
