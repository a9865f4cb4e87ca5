import type { ActionId, ChannelId, ContentId, Treatment, TreatmentId } from '../catalogue/index.js';
import { type Plan, plans } from './actions.js';
import { type ChannelName, contentIdOf, type Topic } from './offering.js';

/** How an e-mail is written: who likes which differs, and can be learned. */
export const tones = ['brief', 'evidence'] as const;
export type Tone = (typeof tones)[number];

export function tonesOn(channel: ChannelName): readonly Tone[] {
  return channel === 'email' ? tones : ['brief'];
}

export function treatmentIdOf(plan: Plan, channel: ChannelName, tone: Tone, locale: 'en' | 'fa'): string {
  return [plan.id, channel, ...(channel === 'email' ? [tone] : []), ...(locale === 'fa' ? ['fa'] : [])].join(
    '-',
  );
}

const persianTopics: Record<Topic, string> = {
  efficacy: 'اثربخشی',
  'side-effects': 'عوارض جانبی',
  dosage: 'مقدار مصرف',
  reimbursement: 'پوشش بیمه',
  guidelines: 'راهنماهای بالینی',
  interactions: 'تداخل‌های دارویی',
};

const englishTopics: Record<Topic, string> = {
  efficacy: 'efficacy',
  'side-effects': 'side effects',
  dosage: 'dosing',
  reimbursement: 'reimbursement',
  guidelines: 'guidelines',
  interactions: 'interactions',
};

function english(plan: Plan, tone: Tone): { title: string; body: string } {
  const about = plan.medicine
    ? `${plan.medicine.name}: ${englishTopics[plan.topic]}`
    : englishTopics[plan.topic];
  return tone === 'evidence'
    ? {
        title: `The evidence on ${about}`,
        body: `Dear Dr. {name}, here is what was studied on ${about}, with numbers and sources. Ask us for the papers.`,
      }
    : {
        title: plan.name,
        body: `Dear Dr. {name}, you may want to know more about ${about}. Two minutes are enough; tell us what you need.`,
      };
}

function persian(plan: Plan, tone: Tone): { title: string; body: string } {
  const topic = persianTopics[plan.topic];
  const about = plan.medicine ? `${topic} ${plan.medicine.name}` : topic;
  return tone === 'evidence'
    ? {
        title: `شواهد دربارهٔ ${about}`,
        body: `{name} گرامی، نتایج پژوهش‌ها دربارهٔ ${about} همراه با اعداد و منابع در اختیار شماست. متن مقاله‌ها را از ما بخواهید.`,
      }
    : {
        title: `دربارهٔ ${about}`,
        body: `{name} گرامی، اگر دربارهٔ ${about} پرسشی دارید، در دو دقیقه پاسخ می‌دهیم. بگویید چه نیاز دارید.`,
      };
}

/** English fits every contact who has no wording of their own. */
export const treatments: Treatment[] = plans.flatMap((plan) =>
  plan.channels.flatMap((channel) =>
    tonesOn(channel).flatMap((tone) =>
      (['en', 'fa'] as const).map((locale) => ({
        actionId: plan.id as ActionId,
        treatmentId: treatmentIdOf(plan, channel, tone, locale) as TreatmentId,
        channelId: channel as string as ChannelId,
        locale: locale === 'fa' ? 'fa' : null,
        ...(locale === 'fa' ? persian(plan, tone) : english(plan, tone)),
        contentId: plan.medicine ? (contentIdOf(plan.medicine.id, plan.topic) as ContentId) : null,
      })),
    ),
  ),
);
