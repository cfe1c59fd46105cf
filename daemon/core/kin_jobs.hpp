#pragma once
// What the jobs that may be kin to a pair say before its files are read: which contents their stamps prove,
// what has to be read to tell, and whether others have to be asked at all.
//
// Pure. Source of the rules: docs/guarantees.md, "Which pair is which job".

#include <vector>

#include "core/known_job.hpp"

namespace reeld {

/// `found` takes over what the stamps of these jobs prove of its contents.
void take_proven_contents(const std::vector<KnownJob>& kin, FoundPair& found);

/// A job whose prompt was of that size: the prompt has to be read to tell.
bool depends_on_prompt(const std::vector<KnownJob>& kin, const FoundPair& found);

/// A job that only the image's content tells from the pair. Where none could have had it, or the prompt
/// settles the question, an image is not read before it is sent.
bool depends_on_image(const std::vector<KnownJob>& kin, const FoundPair& found);

/// A job that stands at its own path and forbids sending: it goes before all that may lie elsewhere.
bool is_barred_in_place(const std::vector<KnownJob>& kin, const FoundPair& found);

/// Adds those that are not there yet.
void add_missing(std::vector<KnownJob>& kin, std::vector<KnownJob> others);

/// Whether the pair's files were touched, restored, or read for the first time since the job's stamps were
/// taken. `recognition` has a known job.
bool has_new_stamps(const Recognition& recognition);

}  // namespace reeld
