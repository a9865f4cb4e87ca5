import { accountValues, contactValues, productValues } from '../../catalogue/index.js';
import type { Account, Catalogue, Contact } from '../../catalogue/index.js';
import type { Refusal } from '../../contact-policy/index.js';
import type { FeatureReadout } from '../../features/index.js';
import { type Expression, ExpressionFailed } from '../../shared/index.js';
import type { Offer } from './compiled-catalogue.js';

const refused = (because: string): Refusal => ({ rule: 'eligibility', ruleId: null, because, until: null });

/** Whether the actions make sense for one contact of an account; each expression is evaluated as seldom as it can be. */
export class EligibilityCheck {
  private readonly values: Record<string, unknown>;
  /** By expression, and by product where it names one. */
  private readonly answers = new Map<Expression<boolean>, Map<Offer['product'], Refusal | null>>();

  constructor(
    account: Account,
    contact: Contact,
    readout: FeatureReadout,
    private readonly at: Date,
    { schemas }: Catalogue,
    featuresNamed: readonly string[] | undefined,
  ) {
    let scalars: Readonly<Record<string, number>> | undefined;
    this.values = {
      account: accountValues(account, schemas.account),
      contact: contactValues(contact, schemas.contact),
      get features() {
        return (scalars ??= readout.scalars(featuresNamed));
      },
      at,
    };
  }

  refusal(offer: Offer): Refusal | null {
    if (offer.broken !== null)
      return refused(`the eligibility of "${offer.action.name}" is broken: ${offer.broken}`);
    if (!offer.eligibility) return null;
    const { expression, namesProduct } = offer.eligibility;
    let answers = this.answers.get(expression);
    if (!answers) this.answers.set(expression, (answers = new Map()));
    const named = namesProduct ? offer.product : null;
    const known = answers.get(named);
    if (known !== undefined) return known;
    if (namesProduct) this.values['product'] = productValues(offer.product, this.at);
    const answer = this.evaluate(offer, expression);
    answers.set(named, answer);
    return answer;
  }

  private evaluate(
    offer: Offer,
    expression: NonNullable<Offer['eligibility']>['expression'],
  ): Refusal | null {
    try {
      if (expression.evaluate(this.values)) return null;
      return refused(`not for this account: ${expression.source}`);
    } catch (cause) {
      if (!(cause instanceof ExpressionFailed)) throw cause;
      return refused(`what "${offer.action.name}" asks is not known here: ${cause.message}`);
    }
  }
}
