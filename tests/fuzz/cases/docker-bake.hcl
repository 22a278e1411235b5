variable "TAG" { default = "1" }
G = "g-${TAG}"
group "default" { targets = ["app", "base"] }
target "base" {
  context = "web"
  args = { A = TAG, "B" : f("}", [1]), C = null } # why
  dockerfile-inline = <<-EOT
    FROM x
  EOT
}
target "app" {
  name = "app-${item.n}"
  inherits = ["base"]
  matrix = { item = [{ n = "x", t = "${G}" }, { n = "y", t = TAG == "" ? "a" : "b" }] }
  target = item.t
  tags = ["x:${TAG}", "$${y}"]
  output = ["type=local,dest=out"]
  contexts = { alpine = "docker-image://x" }
}
