using System.Collections.Frozen;
using System.Collections.Immutable;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>The values of a header by which callers ask for what a vendor still tries out. What is in none of its rows is not known.</summary>
internal sealed class BetaTable(IEnumerable<FieldRule> rules)
{
    private readonly FrozenDictionary<string, FieldRule> _rules = rules.ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>The rows in their order.</summary>
    public ImmutableArray<FieldRule> Rules { get; } = [.. rules];

    /// <summary>The row of a value; null for none.</summary>
    public FieldRule? Find(string value) => _rules.GetValueOrDefault(value);
}
