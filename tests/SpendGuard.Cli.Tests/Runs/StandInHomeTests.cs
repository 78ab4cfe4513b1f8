using System.Text.Json.Nodes;
using SpendGuard.Cli.Runs;
using SpendGuard.Cli.Runs.Recipes;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>A program that takes its settings from the user's home only sees them with some changed, and all else that is there as it is.</summary>
public sealed class StandInHomeTests : IDisposable
{
    private static readonly RecipeHome Recipe = RecipeBook.Read().Document.Programs.Single(recipe => recipe.Name == "Gemini CLI").Home!;

    private readonly TempFolder _folder = new();

    private string User => _folder.File("user");

    private string Run => _folder.File("run");

    private string Home => Path.Combine(Run, "home");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NewUser_HasTheRecipesSettingsOnly()
    {
        StandInHome.Make(Recipe, Home, User);

        Assert.Equal(["settings.json"], Directory.EnumerateFileSystemEntries(Path.Combine(Home, ".gemini")).Select(Path.GetFileName));
        Assert.Equal("gemini-api-key", (string)Settings()["security"]!["auth"]!["selectedType"]!);
    }

    [Fact]
    public void UsersSettings_StandButForThoseOfTheRecipe()
    {
        const string Text = """
            {
              // A person wrote this.
              "security": { "auth": { "selectedType": "oauth-personal", "useExternal": true }, "folderTrust": { "enabled": true } },
              "ui": { "theme": "Light" },
            }
            """;
        Write("settings.json", Text);

        StandInHome.Make(Recipe, Home, User);

        Assert.Equal(
            """{"security":{"auth":{"selectedType":"gemini-api-key","useExternal":true,"enforcedType":"gemini-api-key"},"folderTrust":{"enabled":true}},"ui":{"theme":"Light"}}""",
            Settings().ToJsonString());
        Assert.Equal(Text, Read("settings.json"));
    }

    [Fact]
    public void WhatTheUserHas_IsThere_IsWrittenTo_AndOutlivesTheRun()
    {
        Write("memory.md", "Be brief.");
        Write("sessions/first.json", "{}");

        using (new PrivateFolder(Run))
        {
            StandInHome.Make(Recipe, Home, User);
            Assert.Equal("Be brief.", File.ReadAllText(Path.Combine(Home, ".gemini", "memory.md")));
            File.AppendAllText(Path.Combine(Home, ".gemini", "memory.md"), " Be right.");
            File.WriteAllText(Path.Combine(Home, ".gemini", "sessions", "second.json"), "{}");
        }

        Assert.False(Directory.Exists(Run));
        Assert.Equal(("Be brief. Be right.", "{}", "{}"), (Read("memory.md"), Read("sessions/first.json"), Read("sessions/second.json")));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"ui":1,"ui":2}""")]
    public void SettingsThatCannotBeRead_AreSaid(string text)
    {
        Write("settings.json", text);

        var failed = Assert.Throws<CommandFailedException>(() => StandInHome.Make(Recipe, Home, User));

        Assert.Contains("settings.json", failed.Message, StringComparison.Ordinal);
    }

    private JsonObject Settings() => JsonNode.Parse(File.ReadAllText(Path.Combine(Home, ".gemini", "settings.json")))!.AsObject();

    private string Read(string name) => File.ReadAllText(Path.Combine(User, ".gemini", name));

    private void Write(string name, string text)
    {
        var path = Path.Combine(User, ".gemini", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
