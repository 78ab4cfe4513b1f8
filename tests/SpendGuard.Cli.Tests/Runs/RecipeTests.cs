using SpendGuard.Cli.Runs.Recipes;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class RecipeTests
{
    private static readonly RecipeBook Book = RecipeBook.Read();

    [Theory]
    [InlineData("Claude Code", 1, "claude")]
    [InlineData("Claude Code", 1, "/usr/local/bin/claude")]
    [InlineData("Claude Code", 1, @"C:\npm\claude.cmd")]
    [InlineData("Claude Code", 3, "npx", "-y", "@anthropic-ai/claude-code@2.1.332")]
    [InlineData("Codex", 1, "codex.exe")]
    [InlineData("Codex", 2, "bunx", "@openai/codex")]
    [InlineData("Gemini CLI", 1, "gemini")]
    [InlineData("opencode", 1, "opencode")]
    [InlineData("Qwen Code", 1, "qwen")]
    [InlineData("Continue", 1, "cn")]
    [InlineData("aider", 2, "uvx", "aider-chat")]
    [InlineData("python3", 1, "python3")]
    [InlineData("Codex", 4, "npx", "--package", "@openai/codex", "codex")]
    [InlineData("npx", 1, "npx", "some-agent", "codex")]
    public void Program_IsKnownByItsCommand(string name, int own, params string[] command)
    {
        var (recipe, arguments) = Book.Find([.. command, "-p", "claude"]);

        Assert.Equal((name, own), (recipe.Name, arguments));
    }

    [Fact]
    public void Arguments_GoBeforeTheCallersOwn_AndAfterTheRunner()
    {
        var command = Prepare("npx", "-y", "@openai/codex", "exec", "say hello");

        Assert.Equal(["-y", "@openai/codex", "-c"], command.Arguments.Take(3));
        Assert.Equal(["exec", "say hello"], command.Arguments.TakeLast(2));
        Assert.Contains("model_providers.spendguard.base_url=\"http://127.0.0.1:7/v1\"", command.Arguments);
    }

    [Theory]
    [InlineData("--settings", "mine.json")]
    [InlineData("--settings=mine.json")]
    public void OptionsOfTheCallersOwn_StandInPlaceOfTheRecipes(params string[] own) =>
        Assert.Equal(own, Prepare(["claude", .. own]).Arguments);

    [Fact]
    public void OptionAfterTheEndOfOptions_IsNone() =>
        Assert.Equal("--settings", Prepare("claude", "--", "--settings").Arguments[0]);

    [Fact]
    public void Files_AreReadableWhateverTheFolderIsCalled()
    {
        var (recipe, own) = Book.Find(["claude"]);
        var file = new PreparedCommand(recipe, ["claude"], own, "http://127.0.0.1:7", "the-key", @"C:\a ""folder""").Files.Single().Value;

        using var json = System.Text.Json.JsonDocument.Parse(file);
        Assert.Equal("the-key", json.RootElement.GetProperty("env").GetProperty("ANTHROPIC_AUTH_TOKEN").GetString());
    }

    [Fact]
    public void Recipes_LeaveNoPlaceholderAndNoSecretInPlace()
    {
        foreach (var recipe in Book.Document.Programs.Append(Book.Document.General))
        {
            var command = new PreparedCommand(recipe, ["x"], 1, "http://127.0.0.1:7", "the-key", "/folder");
            var texts = command.Arguments.Concat(command.Files.Values).Concat(command.Environment.Values.OfType<string>());
            Assert.All(texts, text => Assert.DoesNotMatch(@"\{(origin|key|folder)\}", text));
        }
    }

    [Fact]
    public void Environment_IsTheCallersWithoutKeys_AndWithThoseOfTheRun()
    {
        var callers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/bin",
            ["OPENAI_API_KEY"] = "a-secret",
            ["Gemini_Api_Key"] = "secret too",
            ["COPY"] = "a-secret",
            ["SWITCH"] = "1",
            ["HF_TOKEN"] = "1",
            ["EMPTY"] = "",
            ["MISTRAL_API_KEY"] = "",
            ["TAKEN_AWAY"] = "1",
            ["HEADERS"] = "Authorization: Bearer a-secret",
            ["WAY_TO_ONE"] = "1",
            ["WAY_TO_ANOTHER"] = "1",
        };

        var child = ChildEnvironment.Of(
            callers,
            Book.Document.Secrets,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["OPENAI_API_KEY"] = "the-key", ["TAKEN_AWAY"] = null, ["WAY_TO_*"] = null });

        Assert.Equal(["EMPTY=", "OPENAI_API_KEY=the-key", "PATH=/bin", "SWITCH=1"], child.Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal));
    }

    private static PreparedCommand Prepare(params string[] command)
    {
        var (recipe, own) = Book.Find(command);
        return new PreparedCommand(recipe, command, own, "http://127.0.0.1:7", "the-key", "/folder");
    }
}
