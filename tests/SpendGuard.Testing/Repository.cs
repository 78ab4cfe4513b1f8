namespace SpendGuard.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    private static readonly string Root = Find();

    /// <summary>How the tests were built, and so all else that they take from the checkout.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>The files of a folder and those below it, without what is built.</summary>
    public static IEnumerable<string> Files(string pattern, params ReadOnlySpan<string> folder) =>
        Directory.EnumerateFiles(Path(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(System.IO.Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    /// <summary>The assembly of a project in src, built as the tests were.</summary>
    public static string Built(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path("src", project, "bin", Configuration, here.Name, project + ".dll");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "SpendGuard.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from a checkout.");
        }

        return folder.FullName;
    }
}
