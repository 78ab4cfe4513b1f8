using System.Collections.Frozen;
using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Every field that a wire format's requests can have, and what it does to the bill.</summary>
internal sealed class FieldTable(IEqualityComparer<string> names, IEnumerable<FieldRule> rules)
{
    private readonly FieldRule[] _rows = [.. rules];
    private readonly FrozenDictionary<string, FieldRule> _rules = rules.ToFrozenDictionary(rule => rule.Name, names);

    public FieldTable(params IEnumerable<FieldRule> rules)
        : this(StringComparer.Ordinal, rules)
    {
    }

    /// <summary>The rows in their order.</summary>
    public IReadOnlyList<FieldRule> Rules => _rows;

    private FrozenDictionary<string, FieldRule> InAnyCase { get; } = rules.ToFrozenDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a body with a field that has no bound, or, in strict mode, one that is not known.</summary>
    /// <exception cref="BadRequestException">Names the field and says what to do.</exception>
    public void Check(JsonElement body, FieldPolicy policy)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (!_rules.TryGetValue(field.Name, out var rule))
            {
                // Some servers read names in any case: such a field would get past its rule.
                if (InAnyCase.TryGetValue(field.Name, out var meant))
                {
                    throw new BadRequestException($"Field '{field.Name}' is not known. Its name is '{meant.Name}'.");
                }

                if (policy.Strict)
                {
                    throw new BadRequestException(
                        $"Field '{Shown(field.Name)}' is not known, so its cost has no bound. Leave it out, or set SPENDGUARD_STRICT_FIELDS=false.");
                }
            }
            else if (rule.Kind == FieldKind.Refused && !IsNeutral(field.Value))
            {
                throw new BadRequestException($"Field '{rule.Name}' is refused: its cost has no bound. {rule.Reason} Leave it out.");
            }
        }
    }

    /// <summary>A value that asks for nothing.</summary>
    private static bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        _ => false,
    };

    private static string Shown(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
