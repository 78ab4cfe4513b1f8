using System.Collections.Immutable;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What the check of a request has let through.</summary>
/// <param name="Unknown">What is not known, by its path.</param>
/// <param name="LongText">
/// The bytes of texts in fields that are free by what they mean, and longer than that takes: a server that repeats one to its model has
/// them in its prompt, so they count as input.
/// </param>
internal readonly record struct CheckedFields(ImmutableArray<string> Unknown, long LongText);
