namespace SpendGuard.Testing;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-");

    public string Path => _folder.FullName;

    public string File(string name = "budget.db") => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
