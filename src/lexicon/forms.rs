//! Forms of a word as one text, so that thousands of words need no memory of their own for each form.

/// Distinct forms in the order of their bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forms {
    /// `END` stands behind each form.
    text: String,
    /// Where each form begins.
    starts: Vec<usize>,
    /// How many sorted rows of forms were added one behind the other.
    n_rows: usize,
}

const END: char = '\n';

impl Forms {
    /// Takes these forms for those it had.
    pub fn fill<'f>(&mut self, forms: impl Iterator<Item = &'f str>) {
        self.clear();
        for form in forms {
            self.n_rows += 1;
            self.push("", form, "");
        }
        self.sort();
    }

    /// No form is there.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The forms.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.starts.len()).map(|at| self.form(at))
    }

    /// All of them; the same for the same forms.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
        self.n_rows = 0;
    }

    /// Adds the forms of a stem; what is put before and behind it comes sorted. [`Forms::sort`] has to follow the last stem.
    pub(super) fn add<'d>(
        &mut self,
        stem: &str,
        spellings: impl Iterator<Item = (&'d str, &'d str)>,
    ) {
        let mut last = None;
        for (prefix, suffix) in spellings {
            // Another prefix begins another row.
            self.n_rows += usize::from(last.replace(prefix.len()) != Some(prefix.len()));
            self.push(prefix, stem, suffix);
        }
    }

    fn push(&mut self, prefix: &str, stem: &str, suffix: &str) {
        self.starts.push(self.text.len());
        if !prefix.is_empty() {
            self.text.push_str(prefix);
        }
        self.text.push_str(stem);
        self.text.push_str(suffix);
        self.text.push(END);
    }

    pub(super) fn sort(&mut self) {
        if self.n_rows < 2 {
            return;
        }
        let mut forms: Vec<&str> = self.iter().collect();
        forms.sort();
        forms.dedup();
        let mut sorted = Self::default();
        for form in forms {
            sorted.push("", form, "");
        }
        *self = sorted;
    }

    fn form(&self, at: usize) -> &str {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        &self.text[self.starts[at]..end - END.len_utf8()]
    }
}
