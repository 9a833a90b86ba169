const LONGEST = 40;

/**
 * A short name for addresses from a name in any script, Chinese by its sounds: `协和 心内科 v2` becomes
 * `xie-he-xin-nei-ke-v2`. Empty where nothing of the name can be written so. The dictionary of sounds is read on the first
 * call.
 */
export async function proposeSlug(name: string): Promise<string> {
  const { pinyin } = await import('pinyin-pro');
  const sounds = pinyin(name, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true }).join(' ');
  const words = sounds
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (longer.length > LONGEST) break;
    slug = longer;
  }
  return slug;
}
