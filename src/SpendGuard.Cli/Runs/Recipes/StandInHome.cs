using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>
/// A home that stands for the user's own while a program runs: links to all that its folder has there, and the user's settings with those
/// of the recipe over them. The user's own settings are not touched.
/// </summary>
internal static class StandInHome
{
    private static readonly JsonDocumentOptions AsPeopleWriteIt = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Makes it.</summary>
    /// <param name="recipe">What it is for.</param>
    /// <param name="at">Where it is made; nothing is there yet.</param>
    /// <param name="user">The home that it stands for.</param>
    /// <exception cref="CommandFailedException">The user's settings cannot be read.</exception>
    public static void Make(RecipeHome recipe, string at, string user)
    {
        var (own, users) = (Path.Combine(at, recipe.Folder), Path.Combine(user, recipe.Folder));
        UserFolder.Make(own);
        if (Directory.Exists(users))
        {
            Link(users, own, except: recipe.File);
        }

        File.WriteAllText(Path.Combine(own, recipe.File), Settings(recipe, Path.Combine(users, recipe.File)));
    }

    private static void Link(string users, string own, string except)
    {
        foreach (var entry in new DirectoryInfo(users).EnumerateFileSystemInfos().Where(entry => entry.Name != except))
        {
            var link = Path.Combine(own, entry.Name);
            try
            {
                _ = entry is DirectoryInfo ? Directory.CreateSymbolicLink(link, entry.FullName) : File.CreateSymbolicLink(link, entry.FullName);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // On Windows a user may not have the right to make links. The program goes without, as in a new home.
            }
        }
    }

    private static string Settings(RecipeHome recipe, string file)
    {
        var over = JsonObject.Create(recipe.Settings)!;
        try
        {
            return File.Exists(file) && JsonNode.Parse(File.ReadAllText(file), documentOptions: AsPeopleWriteIt) is JsonObject users
                ? Over(users, over).ToJsonString()
                : over.ToJsonString();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The settings '{file}' cannot be read: {exception.Message}", ExitCode.Usage, exception);
        }
    }

    private static JsonObject Over(JsonObject users, JsonObject over)
    {
        foreach (var (name, value) in over)
        {
            users[name] = value is JsonObject inner && users[name] is JsonObject known ? Over(known, inner) : value?.DeepClone();
        }

        return users;
    }
}
