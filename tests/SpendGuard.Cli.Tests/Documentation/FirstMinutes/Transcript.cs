using System.Globalization;
using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>What somebody has typed, what came of it, and how long it took.</summary>
internal sealed partial class Transcript
{
    private const int MillisecondsAtMost = 60_000;

    private readonly List<(string Typed, string Output, int ExitCode, TimeSpan Time)> _commands = [];

    public void Add(string typed, string output, int exitCode, TimeSpan time) => _commands.Add((typed, output, exitCode, time));

    /// <summary>All of it without what differs from run to run: what a snapshot can hold.</summary>
    /// <param name="folder">The session's folder, which has another name in each run.</param>
    public string Steady(string folder)
    {
        var text = string.Join('\n', _commands.Select(command => Written(command.Typed, command.Output, command.ExitCode)));
        text = text.Replace(folder, "FOLDER", StringComparison.Ordinal);
        text = Keys().Replace(text, "sk_spendguard_KEY");
        text = KeyIds().Replace(text, match => "KEY_ID".PadRight(match.Length));
        text = Took().Replace(text, "(in N)");
        text = Installed().Replace(text, "Installed N files");
        text = Seconds().Replace(text, "\"age_seconds\":N");
        return Tests.Steady.Text(text);
    }

    /// <summary>Leaves all of it, with its times, in the folder of what a run of the tests makes.</summary>
    public async Task KeepAsync(string name)
    {
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "first-minutes"));
        var text = _commands.Select(command => string.Create(
            CultureInfo.InvariantCulture, $"{Written(command.Typed, command.Output, command.ExitCode)}[{command.Time.TotalSeconds:0.00} s]\n"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, name + ".txt"),
            string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', text)}\n[all: {_commands.Sum(command => command.Time.TotalSeconds):0.0} s]\n"));
    }

    private static string Written(string typed, string output, int exitCode)
    {
        var end = exitCode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[exit {exitCode}]\n");
        return $"$ {typed}\n{output}{(output.Length == 0 || output.EndsWith('\n') ? "" : "\n")}{end}";
    }

    [GeneratedRegex("sk_spendguard_[A-Za-z0-9_-]+", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Keys();

    [GeneratedRegex(@"\b[0-9a-f]{16}\b", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex KeyIds();

    [GeneratedRegex(@"\(in [0-9.]+ (ms|sec|min)\)", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Took();

    /// <summary>One more with each page.</summary>
    [GeneratedRegex("Installed [0-9]+ files", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Installed();

    [GeneratedRegex("\"age_seconds\":[0-9]+", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Seconds();
}
