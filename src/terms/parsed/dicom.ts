/**
 * The index of one DICOM instance: what its header states of patient, study, series and image, without its pixels and
 * without private elements. Values are texts as the file states them, trimmed as their VR rules (PS3.5 6.2); absent,
 * empty and blank are all absent. What is no date, UID or number is absent too, and told by a problem.
 */
export interface DicomIndex {
  readonly uids: DicomUids;
  readonly patient: DicomPatient;
  readonly study: DicomStudy;
  readonly series: DicomSeries;
  readonly image: DicomImage;
  readonly equipment: DicomEquipment;
  /** Every accession number that the instance states, the study's own first. */
  readonly accessions: readonly DicomAccession[];
  /** Orders that the instance names: (0040,0275) and (0040,A370). */
  readonly requests: readonly DicomRequest[];
  /** (0008,0201), `+0800`: of every date with a time but a birth date. */
  readonly zone?: string;
  readonly charset: DicomCharset;
  /** Whether the pixels are there to their end; `none`: the file has none. */
  readonly pixels: 'whole' | 'cut' | 'none';
}

export interface DicomUids {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
  readonly sopClass?: string;
  readonly transferSyntax?: string;
}

/** A person's name; each group with its carets, `王^小东`. */
export interface DicomName {
  readonly alphabetic?: string;
  readonly ideographic?: string;
  readonly phonetic?: string;
}

/** A date and a time as DA and TM write them: `20240229`, `0912`, `091200.5`. */
export interface DicomMoment {
  readonly date?: string;
  readonly time?: string;
}

/** A triplet of coding (PS3.3 8.8). */
export interface DicomCode {
  readonly value?: string;
  readonly scheme?: string;
  readonly meaning?: string;
}

/** Who gave an identifier out: a name, or a universal entity of a type (`ISO`, `DNS`). */
export interface DicomIssuer {
  readonly local?: string;
  readonly universal?: string;
  readonly type?: string;
}

export interface DicomPatient {
  readonly name?: DicomName;
  readonly id?: string;
  readonly issuer?: DicomIssuer;
  readonly otherIds: readonly { readonly id: string; readonly issuer?: DicomIssuer }[];
  readonly birthDate?: string;
  readonly sex?: string;
  readonly age?: string;
  /** (0012,0062): `YES` when the identity was removed. */
  readonly identityRemoved?: string;
}

export interface DicomAccession {
  readonly value: string;
  readonly issuer?: DicomIssuer;
  /** `(0008,0050)`, `(0040,0275)[1](0008,0050)`. */
  readonly at: string;
}

export interface DicomRequest {
  readonly procedureId?: string;
  readonly description?: string;
  readonly code?: DicomCode;
  readonly placerNumber?: string;
  readonly fillerNumber?: string;
  readonly at: string;
}

export interface DicomStudy {
  readonly started?: DicomMoment;
  readonly id?: string;
  readonly description?: string;
  readonly procedures: readonly DicomCode[];
  readonly referrer?: DicomName;
  readonly readers: readonly DicomName[];
  readonly institution?: string;
  readonly department?: string;
}

export interface DicomSeries {
  readonly started?: DicomMoment;
  readonly number?: string;
  readonly modality?: string;
  readonly description?: string;
  readonly protocol?: string;
  readonly bodyPart?: string;
  readonly anatomy?: DicomCode;
  readonly laterality?: string;
  readonly performers: readonly DicomName[];
  readonly operators: readonly DicomName[];
}

export interface DicomImage {
  readonly acquired?: DicomMoment;
  /** (0008,002A), with its own zone where it states one. */
  readonly acquiredAt?: string;
  readonly content?: DicomMoment;
  readonly number?: string;
  readonly types: readonly string[];
  readonly laterality?: string;
  readonly viewPosition?: string;
  readonly contrastAgent?: string;
  readonly rows?: number;
  readonly columns?: number;
  /** (0028,0008) as written; absent for one frame that is not counted. */
  readonly frames?: string;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly samplesPerPixel?: number;
  readonly photometric?: string;
  readonly sliceThickness?: string;
  readonly pixelSpacing: readonly string[];
  readonly kvp?: string;
  readonly lossy?: string;
  readonly burnedIn?: string;
}

export interface DicomEquipment {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly station?: string;
  readonly serial?: string;
  readonly software: readonly string[];
}

/** How the texts were read, so that they can be read again. */
export interface DicomCharset {
  /** The values of (0008,0005), an empty first one kept. */
  readonly stated: readonly string[];
  /** Elements whose text is not in what is stated, and what it was taken for. */
  readonly guesses: readonly { readonly at: string; readonly label: string }[];
}
