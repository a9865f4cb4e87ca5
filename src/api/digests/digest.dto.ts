import { ApiProperty } from '@nestjs/swagger';
import { type Cadence, cadences, type DigestState, digestStates } from '../../delivery/index.js';
import { ChoiceField, NumberField } from '../http/fields.js';

const LAST_HOUR = 23;

export class DigestSettingBody {
  @ChoiceField(cadences, {
    description: 'daily: on every working day; weekly: on the first working day of the week.',
  })
  cadence!: Cadence;

  @NumberField({
    optional: true,
    whole: true,
    min: 0,
    max: LAST_HOUR,
    description: 'Hour of the member’s own day; left out: as it is.',
  })
  hour?: number;
}

class LastDigestView {
  @ApiProperty({ description: '`d` and the local day, or `w` and the first day of the week.' })
  period!: string;
  @ApiProperty({
    enum: [...digestStates],
    description: 'empty: there was nothing to say. unknown: it may or may not have left.',
  })
  state!: DigestState;
  @ApiProperty({ type: String, format: 'date-time' }) dueAt!: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) endedAt!: Date | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why it was not sent.' }) because!: string | null;
}

export class DigestSettingView {
  @ApiProperty({ enum: [...cadences] }) cadence!: Cadence;
  @ApiProperty({ type: 'integer' }) hour!: number;
  @ApiProperty({ description: 'The member never said; it is the setting of the role.' }) byDefault!: boolean;
  @ApiProperty({ description: 'IANA zone in which the hour counts.' }) timeZone!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Country whose working week counts; null: Monday to Friday.',
  })
  country!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it goes; null: nowhere, no address is known.',
  })
  email!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) nextAt!: Date | null;
  @ApiProperty({ type: LastDigestView, nullable: true }) last!: LastDigestView | null;
}
