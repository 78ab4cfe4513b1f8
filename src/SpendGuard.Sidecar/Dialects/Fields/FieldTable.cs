using System.Collections.Frozen;
using System.Text.Json;
using SpendGuard.Names;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>Every field that an object of a request can have, and what it does to the bill.</summary>
/// <param name="anySpelling">Whether names may be in camel case or in snake case; they are taken as they are otherwise.</param>
internal sealed class FieldTable(bool anySpelling) : FieldShape
{
    private FrozenDictionary<string, FieldRule> _rules = FrozenDictionary<string, FieldRule>.Empty;
    private FrozenDictionary<string, FieldRule> _inAnyCase = FrozenDictionary<string, FieldRule>.Empty;

    /// <summary>Whether names may be in camel case or in snake case.</summary>
    public bool AnySpelling => anySpelling;

    public override FieldRule? Find(string name) => _rules.GetValueOrDefault(name);

    protected override void Index(IReadOnlyList<FieldRule> rules)
    {
        _rules = rules.ToFrozenDictionary(rule => rule.Name, anySpelling ? ProtoNames.Same : StringComparer.Ordinal);
        _inAnyCase = rules.ToFrozenDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);
    }

    protected override void CheckObject(JsonElement value, FieldCheck check)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (!_rules.TryGetValue(field.Name, out var rule))
            {
                MeetUnknown(field.Name, check);
            }
            else if (rule.Kind == FieldKind.Refused)
            {
                if (!IsNeutral(field.Value))
                {
                    throw new BadRequestException(
                        $"Field '{check.PathOf(rule.Name)}' is refused: its cost has no bound. {rule.Reason} Leave it out.");
                }
            }
            else
            {
                using var scope = check.Within(rule.Name);
                check.Take(rule, field.Value);
            }
        }
    }

    private void MeetUnknown(string name, FieldCheck check)
    {
        var path = check.PathOf(name);

        // Some servers read names in any case: such a field would get past its rule.
        if (_inAnyCase.TryGetValue(name, out var meant))
        {
            throw new BadRequestException($"Field '{path}' is not known. Its name is '{meant.Name}'.");
        }

        check.Meet(path, $"Field '{path}' is", () => NearestTo(name));
    }

    private string? NearestTo(string name) => _rules.Values
        .Where(rule => rule.Kind != FieldKind.Refused && Nearness.IsNear(name, rule.Name)).MinBy(rule => (Nearness.Distance(name, rule.Name), rule.Name))?.Name;

    /// <summary>A value that asks for nothing. An empty object may well ask: that is how some tools are switched on.</summary>
    private static bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
