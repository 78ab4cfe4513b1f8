using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>The error playbook is complete: whatever the sidecar and the packages can refuse with has an entry, and no entry is left over.</summary>
public sealed partial class ErrorPlaybookTests
{
    private static readonly ErrorPlaybook Page = new();

    [Fact]
    public void Sentences_OfTheSidecar_HaveAnEntry()
    {
        var missing = RefusalSentences.OfSidecar.Where(sentence => !Page.Entries.Any(entry => Begins(sentence, entry))).ToList();

        Assert.True(RefusalSentences.OfSidecar.Count > 70, $"Only {RefusalSentences.OfSidecar.Count} refusals were found in the source.");
        Assert.True(missing.Count == 0, "references/error-playbook.md has no entry for:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Sentences_OfTheEngineThatTheSidecarAnswersWith_HaveAnEntry()
    {
        Assert.True(RefusalSentences.OfEngine.Count > 6, string.Join('\n', RefusalSentences.OfEngine));
        Assert.All(RefusalSentences.OfEngine, sentence => Assert.Contains(Page.Entries, entry => Begins(sentence, entry)));
    }

    [Fact]
    public void Entries_AreOfSentencesAndNamesThatExist()
    {
        var source = Repository.Files("*.cs", "src").Select(File.ReadAllText).ToList();
        var stale = Page.Entries.Where(entry =>
            !RefusalSentences.OfSidecar.Any(sentence => Begins(sentence, entry))
            && !source.Exists(file => InSource(entry).IsMatch(file))).ToList();

        Assert.True(stale.Count == 0, "Nothing is refused any more with:\n" + string.Join('\n', stale));
    }

    [Fact]
    public void Statuses_HaveAHeadingEach() =>
        Assert.Equal(RefusalSentences.Statuses, Page.Headings.Where(heading => heading.Length == 3 && int.TryParse(heading, out _)));

    [Theory]
    [InlineData("OpenAIErrors.cs")]
    [InlineData("AnthropicErrors.cs")]
    [InlineData("GeminiErrors.cs")]
    public void Names_InProvidersEnvelopes_AreTold(string file)
    {
        var names = RefusalSentences.Names(file);

        Assert.True(names.Count > 3);
        Assert.Superset(names.ToHashSet(), Page.Words.ToHashSet());
    }

    [Fact]
    public void Exceptions_OfThePackages_HaveAnEntry()
    {
        var thrown = Repository.Files("*.cs", "src").SelectMany(file => PublicException().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value).ToHashSet();
        var entered = Page.Entries.Where(entry => entry.EndsWith("Exception", StringComparison.Ordinal)).ToHashSet();

        Assert.True(thrown.Count > 10);
        Assert.Equal(thrown.Concat(["InvalidOperationException", "OptionsValidationException"]).Order(), entered.Order());
    }

    [Fact]
    public void Entries_SayWhatToDo() => Assert.Empty(Page.RowsWithoutRemedy);

    /// <summary>Whether a sentence of the source begins as an entry says; what is filled in, in either, matches anything.</summary>
    private static bool Begins(string sentence, string entry) => Pattern(entry).IsMatch(sentence) || Pattern(sentence).IsMatch(entry);

    private static Regex Pattern(string text) => new(
        "^" + Regex.Escape(text).Replace("…", ".*", StringComparison.Ordinal), RegexOptions.ExplicitCapture | RegexOptions.Singleline, TimeSpan.FromMinutes(1));

    /// <summary>An entry as it may stand in a source file, its parts filled in by code.</summary>
    private static Regex InSource(string entry) => new(
        Regex.Escape(entry).Replace("…", @"[^\n]*", StringComparison.Ordinal), RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));

    [GeneratedRegex(@"public (sealed )?class (?<name>\w+Exception)\b", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex PublicException();
}
