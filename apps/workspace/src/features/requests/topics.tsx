import type { ContactForm, Language } from '@lahko/contract'
import { Icon } from '../../platform/icon.tsx'
import { languageNames, t } from '../../platform/words.ts'

type Topic = ContactForm['topics'][number]
const languages = Object.keys(languageNames) as Language[]
const mostTopics = 40

/** What customers choose from: what stands on the ticket, and how it is said in each language. */
export function Topics({ topics, onChange }: { topics: readonly Topic[]; onChange: (topics: Topic[]) => void }) {
  const put = (at: number, topic: Topic) => onChange(topics.map((one, place) => (place === at ? topic : one)))
  return (
    <section>
      <h2>{t('requests.topics')}</h2>
      <p className="quiet">{t('requests.topicsAre')}</p>
      <ol className="rq-topics">
        {topics.map((topic, at) => (
          <li key={at}>
            <input
              className="input"
              aria-label={t('requests.topicName', { number: at + 1 })}
              maxLength={80}
              value={topic.name}
              onChange={({ target }) => put(at, { ...topic, name: target.value })}
            />
            {languages.map((one) => (
              <label key={one}>
                <span className="hint">{languageNames[one]}</span>
                <input
                  className="input"
                  lang={one}
                  aria-label={t('requests.topicIn', { number: at + 1, language: languageNames[one] })}
                  maxLength={80}
                  value={topic.label[one] ?? ''}
                  onChange={({ target }) =>
                    put(at, { ...topic, label: { ...topic.label, [one]: target.value || undefined } })
                  }
                />
              </label>
            ))}
            <button
              className="button"
              data-size="small"
              data-tone="plain"
              type="button"
              onClick={() => onChange(topics.filter((_, place) => place !== at))}
            >
              {t('requests.removeTopic', { name: topic.name })}
            </button>
          </li>
        ))}
      </ol>
      {topics.length < mostTopics && (
        <div className="buttons">
          <button className="button" type="button" onClick={() => onChange([...topics, { name: '', label: {} }])}>
            <Icon name="plus" /> {t('requests.addTopic')}
          </button>
        </div>
      )}
    </section>
  )
}
