import { contract, type TicketMessage } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { useRef, useState } from 'react'
import { t } from '../../platform/words.ts'
import { sayInvitationTimes } from './invitation-times.ts'
import { lendTypeface } from './mail-typeface.ts'

/** The mail as its writer made it, in a frame that runs nothing and fetches nothing unless it is asked to. */
export function MessageHtml({ message }: { message: TicketMessage }) {
  const [images, setImages] = useState<'no' | 'yes'>('no')
  const frame = useRef<HTMLIFrameElement>(null)
  const { id, remoteImages } = message
  return (
    <>
      {remoteImages > 0 && images === 'no' && (
        <p className="in-held">
          <span className="quiet">{t('inbox.imagesHeld', { count: remoteImages })}</span>
          <button type="button" className="button" data-size="small" onClick={() => setImages('yes')}>
            {t('inbox.showImages')}
          </button>
        </p>
      )}
      <iframe
        ref={frame}
        className="in-frame"
        title={t('inbox.mailAsSent')}
        // Without scripts nothing in it can use that it is of the same origin; only its height is read from here.
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        src={addressOf(contract.tickets.page, { params: { id }, query: { images } })}
        onLoad={() => fitHeight(frame.current)}
      />
    </>
  )
}

/** The mail itself stays as it is: only our card above it. */
function sayTimes(page: HTMLElement): void {
  for (const card of page.querySelectorAll('body > .card td'))
    for (const line of card.childNodes)
      if (line.nodeName === '#text') line.nodeValue = sayInvitationTimes(line.nodeValue ?? '')
}

function fitHeight(frame: HTMLIFrameElement | null): void {
  const inner = frame?.contentDocument?.documentElement
  if (!frame || !inner) return
  sayTimes(inner)
  const fit = () => (frame.style.blockSize = `${Math.ceil(inner.getBoundingClientRect().height)}px`)
  fit()
  lendTypeface(frame)
  // Of the page's own kind: an element of another document is not known to this one's.
  new ResizeObserver(fit).observe(inner)
}
