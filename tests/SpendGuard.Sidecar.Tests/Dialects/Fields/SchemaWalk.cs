using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>Goes through a provider's types and our tables side by side, and notes what has no row.</summary>
/// <param name="schemas">The types.</param>
/// <param name="unsent">Fields of them that clients keep for themselves.</param>
/// <param name="asText">Types that are counted as text whole, whatever is in them; the beginnings of their names.</param>
internal sealed class SchemaWalk(RequestSchemas schemas, IReadOnlySet<string> unsent, IReadOnlyList<string> asText)
{
    private readonly HashSet<(string Type, FieldShape Shape)> _seen = [];
    private readonly List<string> _missing = [];

    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Compares a type with the tables that its objects are checked against; a field needs a row in one of them.</summary>
    public void Go(string path, string name, params FieldShape[] shapes)
    {
        if (!_seen.Add((name, shapes[0])))
        {
            return;
        }

        var type = schemas.Types[name];
        if (shapes is [FieldKinds kinds])
        {
            GoByKind(path, name, type, kinds);
            return;
        }

        foreach (var (field, inside) in type.Fields.Where(field => !unsent.Contains($"{name}.{field.Key}")))
        {
            var rule = shapes.SelectMany(shape => shape.Rules).FirstOrDefault(rule => rule.Name == field);
            if (rule is null)
            {
                _missing.Add($"{path}.{field} ({name})");
            }
            else if (rule.Kind != FieldKind.Refused)
            {
                GoInside($"{path}.{field}", rule, inside);
            }
        }
    }

    private void GoByKind(string path, string name, RequestType type, FieldKinds kinds)
    {
        if (!type.Literals.TryGetValue(kinds.Tag, out var tags) || tags.Length == 0)
        {
            _missing.Add($"{path}: {name} does not tell its kind by '{kinds.Tag}'");
            return;
        }

        foreach (var tag in tags)
        {
            var rule = kinds.Rules.FirstOrDefault(rule => rule.Name == tag);
            if (rule is null)
            {
                _missing.Add($"{path}[{kinds.Tag}={tag}] ({name})");
            }
            else if (rule is { Kind: not FieldKind.Refused, Of: { } inside })
            {
                Go($"{path}[{tag}]", name, inside);
            }
        }
    }

    private void GoInside(string path, FieldRule rule, string[] types)
    {
        foreach (var type in types)
        {
            if (rule.Of is { } shape)
            {
                Go(path, type, shape);
            }
            else if (rule.Kind != FieldKind.Bound || !asText.Any(known => type.StartsWith(known, StringComparison.Ordinal)))
            {
                _missing.Add($"{path}: there is no table for {type}");
            }
        }
    }
}
