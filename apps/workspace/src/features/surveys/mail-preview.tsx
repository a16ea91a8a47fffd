import { useLayoutEffect, useRef } from 'react'
import { t } from '../../platform/words.ts'

/**
 * How the snippet looks in a mail. Mails carry their styles in attributes, which the policy of this page forbids, so
 * the snippet is built again piece by piece with its styles set through the style object. Links lead nowhere here.
 */
export function MailPreview({ html }: { html: string }) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const shadow = box.current?.shadowRoot ?? box.current?.attachShadow({ mode: 'open' })
    const parsed = new DOMParser().parseFromString(html.replaceAll(' style=', ' data-style='), 'text/html')
    shadow?.replaceChildren(...[...parsed.body.childNodes].map(rebuilt))
  }, [html])
  return (
    <figure>
      <figcaption className="visually-hidden">{t('surveys.mailLooks')}</figcaption>
      <div className="bu-mail" ref={box} />
    </figure>
  )
}

const kept = ['align', 'border', 'cellpadding', 'cellspacing', 'colspan', 'dir', 'height', 'lang', 'valign', 'width']

function rebuilt(node: Node): Node {
  if (!(node instanceof HTMLElement)) return document.createTextNode(node.textContent ?? '')
  const element = document.createElement(node.localName === 'a' ? 'span' : node.localName)
  for (const name of kept) {
    const value = node.getAttribute(name)
    if (value !== null) element.setAttribute(name, value)
  }
  element.style.cssText = node.dataset['style'] ?? ''
  element.append(...[...node.childNodes].map(rebuilt))
  return element
}
