using System.Collections.Frozen;
using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>Every kind that an object of a request can be of, and what it does to the bill. One of the object's fields tells its kind.</summary>
/// <param name="tag">The field that tells the kind.</param>
internal sealed class FieldKinds(string tag) : FieldShape
{
    private FrozenDictionary<string, FieldRule> _kinds = FrozenDictionary<string, FieldRule>.Empty;

    /// <summary>The field that tells the kind.</summary>
    public string Tag => tag;

    /// <summary>The kind of an object that does not tell it; null where every object has to.</summary>
    public string? Untold { get; init; }

    /// <summary>Fields by which objects that do not tell their kind are of another than <see cref="Untold"/>, each with that kind.</summary>
    public IReadOnlyList<(string Field, string Kind)> UntoldWith { get; init; } = [];

    public override FieldRule? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>The kind that an object is of; null when it does not tell.</summary>
    /// <exception cref="BadRequestException">It tells by something else than a string.</exception>
    public string? KindOf(JsonElement value) => value.FindString(tag) ?? UntoldKind(value);

    protected override void Index(IReadOnlyList<FieldRule> rules) =>
        _kinds = rules.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);

    protected override void CheckObject(JsonElement value, FieldCheck check)
    {
        var name = KindOf(value) ?? throw new BadRequestException($"'{check.Path}' has to name its '{tag}'.");
        if (!_kinds.TryGetValue(name, out var kind))
        {
            var path = check.PathOf(tag);
            check.Meet($"{path}={FieldCheck.Shown(name)}", $"Field '{path}' is '{FieldCheck.Shown(name)}', which is");
        }
        else if (kind.Kind == FieldKind.Refused)
        {
            throw new BadRequestException(
                $"Field '{check.PathOf(tag)}' is '{name}', which is refused: its cost has no bound. {kind.Reason} Leave it out.");
        }
        else
        {
            check.Take(kind, value);
        }
    }

    private string? UntoldKind(JsonElement value)
    {
        foreach (var (field, kind) in UntoldWith)
        {
            if (value.Find(field) is not null)
            {
                return kind;
            }
        }

        return Untold;
    }
}
