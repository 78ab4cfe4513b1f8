using SpendGuard.Testing;

namespace SpendGuard.Tests.Architecture;

/// <summary>The C# files of the repository, by their path from its root, with slashes.</summary>
internal static class Sources
{
    public static IEnumerable<string> In(params ReadOnlySpan<string> folder) =>
        Repository.Files("*.cs", folder).Select(file => Path.GetRelativePath(Repository.Path(), file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static string[] Lines(string path) => File.ReadAllLines(Repository.Path(path));
}
