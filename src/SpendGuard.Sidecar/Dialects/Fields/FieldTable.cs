using System.Collections.Frozen;
using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>Every field that an object of a request can have, and what it does to the bill.</summary>
internal sealed class FieldTable : FieldShape
{
    private readonly FieldRule[] _rows;
    private readonly FrozenDictionary<string, FieldRule> _rules;
    private readonly FrozenDictionary<string, FieldRule> _inAnyCase;

    /// <summary>The fields of an object whose names are taken as they are.</summary>
    public FieldTable(params FieldRule[] rules)
        : this(StringComparer.Ordinal, rules)
    {
    }

    private FieldTable(IEqualityComparer<string> names, FieldRule[] rules)
    {
        _rows = rules;
        _rules = rules.ToFrozenDictionary(rule => rule.Name, names);
        _inAnyCase = rules.ToFrozenDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);
    }

    public override IReadOnlyList<FieldRule> Rules => _rows;

    /// <summary>The fields of an object whose names may be in camel case or in snake case.</summary>
    public static FieldTable InAnySpelling(params FieldRule[] rules) => new(ProtoNames.Same, rules);

    /// <summary>Refuses a body with something in it that has no bound, or, in strict mode, that is not known.</summary>
    /// <returns>What was let through.</returns>
    /// <exception cref="BadRequestException">Names the field and says what to do.</exception>
    public CheckedFields Check(JsonElement body, FieldPolicy policy)
    {
        var check = new FieldCheck(policy);
        Check(body, check);
        return check.Done;
    }

    protected override void CheckObject(JsonElement value, FieldCheck check)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (!_rules.TryGetValue(field.Name, out var rule))
            {
                // Some servers read names in any case: such a field would get past its rule.
                if (_inAnyCase.TryGetValue(field.Name, out var meant))
                {
                    throw new BadRequestException($"Field '{check.PathOf(field.Name)}' is not known. Its name is '{meant.Name}'.");
                }

                var path = check.PathOf(field.Name);
                check.Meet(path, $"Field '{path}' is");
            }
            else if (rule.Kind == FieldKind.Refused && !IsNeutral(field.Value))
            {
                throw new BadRequestException(
                    $"Field '{check.PathOf(rule.Name)}' is refused: its cost has no bound. {rule.Reason} Leave it out.");
            }
            else if (rule is { Kind: not FieldKind.Refused, Of: { } inside })
            {
                using var scope = check.Within(rule.Name);
                inside.Check(field.Value, check);
                if (rule.Kind == FieldKind.Free && field.Value.ValueKind == JsonValueKind.String)
                {
                    check.TakeFree(field.Value);
                }
            }
            else if (rule.Kind == FieldKind.Free)
            {
                check.TakeFree(field.Value);
            }
        }
    }

    /// <summary>A value that asks for nothing. An empty object may well ask: that is how some tools are switched on.</summary>
    private static bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
