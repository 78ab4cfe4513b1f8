namespace SpendGuard.Cli.Skill;

/// <summary>The files of the skill, which are in the command itself.</summary>
internal static class SkillContent
{
    /// <summary>The skill's name, which its folder has to have.</summary>
    public const string Name = "spendguard-strict-budget-runner";

    /// <summary>The resources, named by their paths in a folder of skills; what was built on Windows has backslashes in them.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. typeof(SkillContent).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Name, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes the files, over those of an older version.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static async Task WriteAsync(string folder, CancellationToken stop)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Replace('\\', '/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var content = typeof(SkillContent).Assembly.GetManifestResourceStream(file)!;
            await using var target = new FileStream(path, FileMode.Create, FileAccess.Write);
            await content.CopyToAsync(target, stop);
        }
    }
}
