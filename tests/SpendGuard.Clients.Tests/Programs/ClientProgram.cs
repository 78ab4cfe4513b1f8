namespace SpendGuard.Clients.Tests.Programs;

/// <summary>A program that people use, and how it is pointed at a sidecar.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Package">The folder of its npm package.</param>
/// <param name="Start">How it is started.</param>
internal sealed record ClientProgram(string Name, string Package, Func<ClientSite, ClientStart> Start)
{
    /// <summary>What it is called in the table of programs.</summary>
    public string Title => $"{Name} {Version}";

    /// <summary>What its version is, as installed.</summary>
    public string Version => Packages.Version(Package);

    /// <summary>How the provider that it calls says that it has too much to do.</summary>
    public required Overload Overload { get; init; }

    /// <summary>What a budget has in it that a loop uses up: some calls of this program with its usual model.</summary>
    public long LoopCents { get; init; } = 40;

    /// <summary>Whether its model may give work to subagents.</summary>
    public bool HasSubagents { get; init; }

    public override string ToString() => Name;
}

/// <param name="Status">The status of the answer.</param>
/// <param name="Body">Its body, where the status alone does not say it.</param>
internal sealed record Overload(int Status, string? Body = null);

/// <summary>Where a program runs, and what it is told.</summary>
/// <param name="Home">Its home, which has nothing in it.</param>
/// <param name="Work">Its working folder.</param>
/// <param name="Sidecar">Where it finds the sidecar.</param>
/// <param name="Key">All that it has for a key: it is its agent's, and of no worth at the provider.</param>
/// <param name="Prompt">What it is asked to do.</param>
internal sealed record ClientSite(string Home, string Work, string Sidecar, string Key, string Prompt)
{
    /// <summary>Writes a file in its home.</summary>
    public string Write(string path, string text)
    {
        var file = Path.Combine(Home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}

/// <summary>A command line, and what the environment has beside what all programs have.</summary>
internal sealed record ClientStart(string File, params IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
