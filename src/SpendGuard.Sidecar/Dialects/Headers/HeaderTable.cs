using System.Collections.Immutable;

namespace SpendGuard.Sidecar.Dialects.Headers;

/// <summary>
/// The headers of callers that go on to a provider: what its API or its official clients document, and what cannot move the bill. All
/// others stop here without a word, since many clients send some always.
/// </summary>
/// <remarks>
/// What stops is not only what is known to do harm: a header may choose which fields of the answer come back, and so hide what is billed;
/// it may choose who pays, at which tier, or which method of the API is called.
/// </remarks>
internal sealed class HeaderTable(params IEnumerable<HeaderRule> rules)
{
    public ImmutableArray<HeaderRule> Rules { get; } = [.. rules];

    /// <summary>This table with more in it.</summary>
    public HeaderTable With(params IEnumerable<HeaderRule> more) => new(Rules.Concat(more));

    /// <summary>What of it has one of these names.</summary>
    public HeaderTable Only(IReadOnlyList<string> names) => new(Rules.Where(rule => names.Contains(rule.Name, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Copies what goes on.</summary>
    public void Copy(IHeaderDictionary from, HttpRequestMessage to)
    {
        foreach (var rule in Rules)
        {
            foreach (var value in from[rule.Name])
            {
                if (rule.Takes(value))
                {
                    to.Headers.TryAddWithoutValidation(rule.Name, value);
                }
            }
        }
    }
}
