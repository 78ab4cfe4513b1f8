using System.Text.RegularExpressions;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Our libraries as packages where the README has them packed, and others' as this machine has them: nothing is looked up elsewhere.</summary>
internal sealed partial class LibraryPackages
{
    private readonly PageSession _session;

    public LibraryPackages(PageSession session)
    {
        _session = session;
        session.Set("NUGET_PACKAGES", Path.Combine(session.Folder, "packages"));
        session.Set("NUGET_FALLBACK_PACKAGES", Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));
        session.Set("NuGetAudit", "false");

        // Draws over what it has written, many times a second.
        session.Set("MSBUILDTERMINALLOGGER", "off");
    }

    public PackageVersions Versions { get; } = new();

    public async Task PackAsync(params IEnumerable<string> projects)
    {
        foreach (var project in projects)
        {
            await PackedTool.DotnetAsync(
                _session.Work, "pack", Repository.Path("src", project), "--no-build", "--configuration", Repository.Configuration, "--output", "artifacts/packages", $"-p:PackageVersion={Versions.Own}");
        }
    }

    /// <summary>Without what the SDK tells of its own work, which each version words anew.</summary>
    public string Steady(string transcript) => TalkOfTheSdk().Replace(transcript, "").Replace(Versions.Own, "VERSION", StringComparison.Ordinal);

    [GeneratedRegex("^(info|log ) ?: .*\n|^  (Determining projects|Restored) .*\n", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex TalkOfTheSdk();
}
