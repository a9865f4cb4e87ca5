import type { Catalogues } from '../catalogue/index.js';
import type { FeatureSet } from '../features/index.js';
import { FallbackRules } from './scoring/fallback-rules.js';
import { buildInputSchema, withProfiles } from './scoring/inputs.js';
import { Champion, type PropensityModel } from './scoring/propensity-model.js';

/** The declared rules as they stand now: what serves before a model is promoted, and the holdout always. */
export class Baseline extends Champion {
  private kept: { schemas: object; model: PropensityModel } | null = null;

  constructor(
    private readonly catalogues: Catalogues,
    private readonly featureSet: FeatureSet,
  ) {
    super();
  }

  async current(): Promise<PropensityModel> {
    const { schemas } = await this.catalogues.current();
    if (this.kept?.schemas !== schemas) {
      const { definitions } = this.featureSet;
      const schema = withProfiles(buildInputSchema(this.featureSet, schemas), definitions);
      this.kept = { schemas, model: new FallbackRules(schema, definitions) };
    }
    return this.kept.model;
  }
}
