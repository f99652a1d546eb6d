// The groups and languages that a form offers for its unit.

function offer(form, name, offered) {
  const radios = [...form.querySelectorAll(`input[name="${name}"]`)];
  for (const radio of radios) {
    const isOffered = offered.includes(radio.value);
    radio.closest("label").hidden = !isOffered;
    radio.disabled = !isOffered;
  }
  if (!radios.some((radio) => radio.checked && !radio.disabled)) {
    const first = radios.find((radio) => !radio.disabled);
    if (first) first.checked = true;
  }
}

export function fitToUnit(form, units) {
  const unit = units[form.elements.unit.value];
  if (!unit) return;
  offer(form, "respondent", unit.respondents);
  offer(form, "language", unit.languages);
}

// After another unit was chosen, its own discretion is the default.
export function unitChosen(form, units) {
  fitToUnit(form, units);
  form.elements.neutral.checked = units[form.elements.unit.value].neutral;
}
