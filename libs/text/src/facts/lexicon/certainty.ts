/** Words that leave open whether it is so. */
export const HEDGE =
  /(?:有|极|很)?可能性?|也许|或许|大概(?!\d|[一二两三四五六七八九十半])|疑似|不排除|不除外|不能(?:完全)?排除|待排|多半|八成|似乎|好像|像是|看着像|看上去像|有点像|(?<![好影图])像(?=[\p{Script=Han}])|恐怕|估计|怀疑|应该(?=[是没不为会属和与跟])|不一定|未必|说不定|没准|倾向于?|初步(?:判断|诊断|印象)|印象(?:是|为)|从(?:您的)?(?:描述|症状|情况)来?看|考虑(?!手术|用药|做|换|加|停|使用|服用|住院|给予)|\b(?:may|might|could be|possibly|perhaps|probably|likely|suspect(?:ed)?)\b/gu;

/** Hedges that unmake a diagnosis that was made. 考虑 does so only where the diagnosis was said to be sure. */
export const STRONG_HEDGE =
  /可能|也许|或许|大概|疑似|不排除|不除外|不能(?:完全)?排除|待排|似乎|恐怕|怀疑|不一定|未必|说不定|\b(?:may|might|could be|possibly|perhaps|suspect(?:ed)?)\b/u;

/** Says that it is sure. */
export const SURE =
  /确诊|诊断明确|明确(?:是|为|诊断|的)?|肯定是?|一定是|就是|毫无疑问|典型的?|\b(?:definitely|certainly|confirmed)\b/u;
/** Says that it is so. */
export const ASSERTS = /(?:^|[您你他她它这那])[\p{Script=Han}]{0,4}?(?:是|属于|为|得了|得的|患有?|有)|诊断/u;

/** Many causes instead of one. */
export const MANY_CAUSES =
  /(?:多种|很多|多方面的?|各种|许多|若干)(?:可能的?)?(?:原因|因素|情况|疾病|可能)|(?:原因|因素|可能性?)(?:有|很|比较|较)?(?:很多|较多|多|多种|复杂)|无法(?:确定|判断|确诊)|不能(?:确定|判断|确诊)|难以(?:判断|确定)|(?:才能|以便?|进一步)(?:明确|确诊)(?:病因|原因|诊断)?/u;

/** Alternatives to a disease, in a row. */
export const ALTERNATIVES = /[、]|或者?|还是|也可能|以及|\bor\b/u;

/** What is asked of the patient. */
export const QUESTION = /[?？]|吗(?=$|[。，,；;\n])|呢(?=$|[。，,；;\n])|多久了|什么时候|有没有|是不是/u;
export const ASKS_TOO = /[?？]|请问|吗|请(?:您)?(?:告知|告诉|提供|补充|说明|描述|回复|上传)|方便(?:告诉|说)/u;
