using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>Paths such as <c>messages.content[tool_addition].tool</c>: names of fields, and of kinds in brackets.</summary>
internal static class FieldPath
{
    private static readonly char[] Marks = ['.', '['];

    /// <summary>Whether a request of some format has a row for a path.</summary>
    public static bool IsIn(VendorTables tables, string path) => tables.Requests.Values.Any(shape => IsIn(shape, path));

    private static bool IsIn(FieldShape shape, string path)
    {
        if (path.StartsWith('['))
        {
            return path.IndexOf(']', StringComparison.Ordinal) is > 0 and var close
                && shape is FieldKinds
                && shape.Find(path[1..close]) is { } kind
                && IsInside(kind, path[(close + 1)..].TrimStart('.'));
        }

        var end = path.IndexOfAny(Marks);
        var name = end < 0 ? path : path[..end];
        return shape is FieldTable && shape.Find(name) is { } field && IsInside(field, path[name.Length..].TrimStart('.'));
    }

    private static bool IsInside(FieldRule rule, string rest) => rest.Length == 0 || (rule.Of is { } inside && IsIn(inside, rest));
}
